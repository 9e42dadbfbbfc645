import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget";
import { CeCostAllocationTag } from "@cdktf/provider-aws/lib/ce-cost-allocation-tag";
import { Construct } from "constructs";

import type { Environment } from "../../config";

export interface SpendingProps {
  readonly budget: Environment["budget"];
  readonly costAllocation: Environment["costAllocation"];
  /** Topic that the budget's warnings go to. */
  readonly topicArn: string;
}

/**
 * Per cent of the budget that the month's forecast crosses when it warns: early enough to act, and when it is certain.
 * AWS forecasts after five weeks of use; until then the actual spending alone can warn, hence the third.
 */
const FORECAST_PERCENT = [80, 100] as const;
const ACTUAL_PERCENT = 100;

/** What the account may spend a month, who hears of more, and by which tags the bill is split. */
export class Spending extends Construct {
  constructor(scope: Construct, id: string, props: SpendingProps) {
    super(scope, id);
    const { budget, costAllocation } = props;
    const warning = (notificationType: "FORECASTED" | "ACTUAL", threshold: number) => ({
      notificationType,
      comparisonOperator: "GREATER_THAN",
      threshold,
      thresholdType: "PERCENTAGE",
      subscriberSnsTopicArns: [props.topicArn],
      subscriberEmailAddresses: [...budget.notify],
    });
    new BudgetsBudget(this, "budget", {
      name: "taskflow-monthly",
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(budget.monthlyUsd),
      limitUnit: "USD",
      notification: [
        ...FORECAST_PERCENT.map((percent) => warning("FORECASTED", percent)),
        warning("ACTUAL", ACTUAL_PERCENT),
      ],
    });
    const tagKeys = "tagKeys" in costAllocation ? costAllocation.tagKeys : [];
    for (const tagKey of tagKeys) {
      new CeCostAllocationTag(this, `tag-${tagKey}`, { tagKey, status: "Active" });
    }
  }
}

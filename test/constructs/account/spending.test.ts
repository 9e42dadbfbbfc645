import { Spending } from "../../../constructs/account";
import { onlyResource, resourcesOf, synthConstruct } from "../../support/synth";

const TOPIC = "arn:aws:sns:ap-northeast-1:111122223333:taskflow-alarms-ticket";

function synth(costAllocation: { readonly tagKeys: readonly string[] } | { readonly noneBecause: string }) {
  return synthConstruct((scope) => {
    new Spending(scope, "spending", {
      budget: { monthlyUsd: 5_000, notify: ["finance@example.com"] },
      costAllocation,
      topicArn: TOPIC,
    });
  });
}

describe("Spending", () => {
  const json = synth({ tagKeys: ["project", "stack"] });

  test("warns the topic and the people named when a forecast crosses 80 and 100 per cent, and when it has come true", () => {
    const budget = onlyResource(json, "aws_budgets_budget");
    expect(budget).toMatchObject({
      budget_type: "COST",
      time_unit: "MONTHLY",
      limit_amount: "5000",
      limit_unit: "USD",
    });
    const warnings = budget["notification"] as Record<string, unknown>[];
    expect(warnings.map((warning) => [warning["notification_type"], warning["threshold"]])).toEqual([
      ["FORECASTED", 80],
      ["FORECASTED", 100],
      ["ACTUAL", 100],
    ]);
    for (const warning of warnings) {
      expect(warning).toMatchObject({
        comparison_operator: "GREATER_THAN",
        threshold_type: "PERCENTAGE",
        subscriber_sns_topic_arns: [TOPIC],
        subscriber_email_addresses: ["finance@example.com"],
      });
    }
  });

  test("splits the bill by the keys given", () => {
    const tags = Object.values(resourcesOf(json, "aws_ce_cost_allocation_tag"));
    expect(tags).toEqual([
      { tag_key: "project", status: "Active" },
      { tag_key: "stack", status: "Active" },
    ]);
  });

  test("splits it by none where the environment says why", () => {
    expect(resourcesOf(synth({ noneBecause: "not yet" }), "aws_ce_cost_allocation_tag")).toEqual({});
  });
});

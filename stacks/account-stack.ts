import type { Construct } from "constructs";

import { Spending } from "../constructs/account";
import { AlertTopicsStack } from "./alert-topics-stack";
import type { BaseStackProps } from "./base-stack";

/** What belongs to the account as a whole: where alerts go, what may be spent, how the bill is split. */
export class AccountStack extends AlertTopicsStack {
  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id, props);
    const { environment } = props;
    new Spending(this, "spending", {
      budget: environment.budget,
      costAllocation: environment.costAllocation,
      topicArn: this.alertTopics.ticket,
    });
  }
}

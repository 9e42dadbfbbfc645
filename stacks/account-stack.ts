import type { Construct } from "constructs";

import { Account, type AlertTopicArns, AlertTopics, Spending } from "../constructs/account";
import { BaseStack, type BaseStackProps } from "./base-stack";

/** What belongs to the account as a whole: where alerts go, what may be spent, how the bill is split. */
export class AccountStack extends BaseStack {
  public readonly alertTopics: AlertTopicArns;

  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id, props);
    const { environment } = props;
    const account = new Account(this, "account", { region: environment.region });
    this.alertTopics = new AlertTopics(this, "alert-topics", { account }).arns;
    new Spending(this, "spending", {
      budget: environment.budget,
      costAllocation: environment.costAllocation,
      topicArn: this.alertTopics.ticket,
    });
  }
}

import type { Construct } from "constructs";

import { Account, type AlertTopicArns, AlertTopics } from "../constructs/account";
import { BaseStack, type BaseStackProps } from "./base-stack";

/** Where a region's alerts go: CloudWatch alarms publish to topics of their own region alone. */
export class AlertTopicsStack extends BaseStack {
  public readonly alertTopics: AlertTopicArns;

  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id, props);
    const account = new Account(this, "account", { region: props.environment.region });
    this.alertTopics = new AlertTopics(this, "alert-topics", { account }).arns;
  }
}

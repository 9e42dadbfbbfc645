import { Construct } from "constructs";

import type { Account } from "./account";
import { AlarmTopic } from "./alarm-topic";
import { EncryptionKey } from "./encryption-key";
import { MetricAlarm } from "./metric-alarm";

export interface AlertTopicsProps {
  readonly account: Account;
}

/** Where alerts go. */
export interface AlertTopicArns {
  /** To the engineer on call. */
  readonly page: string;
  /** To the platform's queue. */
  readonly ticket: string;
  /** To tenants' owners. */
  readonly owner: string;
  /** To nobody: Alertmanager's sign of life. */
  readonly watchdog: string;
  /** Key of all of them: who publishes with a role of its own needs it too. */
  readonly key: string;
}

/** Prefix of the topics' names. */
const PREFIX = "taskflow-alarms";

const CLOUDWATCH = "cloudwatch.amazonaws.com";
const BUDGETS = "budgets.amazonaws.com";

/**
 * The topics of all alerts, Alertmanager's and CloudWatch's. Who listens is no part of the code: a pager's address holds
 * its key, and a tenant's owner subscribes with a filter on the message's attribute `tenant`. They outlive the cluster, so
 * that CloudWatch pages when nothing in it can.
 */
export class AlertTopics extends Construct {
  public readonly arns: AlertTopicArns;

  constructor(scope: Construct, id: string, props: AlertTopicsProps) {
    super(scope, id);
    const { account } = props;
    const key = new EncryptionKey(this, "key", {
      account,
      name: PREFIX,
      description: "Messages of the topics of alerts",
      publishers: [CLOUDWATCH, BUDGETS],
    });
    const topic = (name: string, publishers: readonly string[]): string =>
      new AlarmTopic(this, name, { account, name: `${PREFIX}-${name}`, publishers, key }).arn;
    this.arns = {
      page: topic("page", [CLOUDWATCH]),
      ticket: topic("ticket", [CLOUDWATCH, BUDGETS]),
      // Alertmanager alone writes to these two, with a role of its own.
      owner: topic("owner", []),
      watchdog: topic("watchdog", []),
      key: key.arn,
    };
    new MetricAlarm(this, "silence", {
      name: `${PREFIX}-silence`,
      description: "Alertmanager has given no sign of life: whatever breaks in the cluster, nobody is told.",
      runbook: "monitoring.md",
      metric: {
        namespace: "AWS/SNS",
        name: "NumberOfMessagesPublished",
        statistic: "Sum",
        dimensions: { TopicName: `${PREFIX}-watchdog` },
      },
      // Alertmanager repeats the sign every five minutes.
      threshold: { below: 1 },
      periodSeconds: 300,
      periods: 3,
      missing: "breaching",
      topicArn: this.arns.page,
    });
  }
}

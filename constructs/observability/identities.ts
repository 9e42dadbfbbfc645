import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { Account, type AlertTopicArns } from "../account";
import { PodIdentityRole, type ServiceAccountName } from "../cluster";
import { databaseUserArnPrefix, MONITOR } from "../database";
import { MONITORING_ACCOUNTS } from "./services";

export interface MonitoringIdentitiesProps {
  readonly region: string;
  readonly clusterName: string;
  readonly alertTopics: AlertTopicArns;
  readonly databaseProxyArn: string;
}

/** AWS permissions of the monitoring's pods, a role each. */
export class MonitoringIdentities extends Construct {
  /** What Alertmanager and Grafana wait for. */
  public readonly prometheusStack: ITerraformDependable[];
  /** What the database's exporter waits for. */
  public readonly databaseExporter: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: MonitoringIdentitiesProps) {
    super(scope, id);
    const account = new Account(this, "account", { region: props.region });
    const identity = (
      name: string,
      holder: ServiceAccountName,
      description: string,
      statements: readonly DataAwsIamPolicyDocumentStatement[],
    ): readonly ITerraformDependable[] =>
      new PodIdentityRole(this, name, {
        ...holder,
        clusterName: props.clusterName,
        clusterArn: account.arn("eks", `cluster/${props.clusterName}`),
        roleName: `taskflow-${name}`,
        description,
        statements,
      }).dependables;

    this.prometheusStack = [
      ...identity(
        "alertmanager",
        MONITORING_ACCOUNTS.alertmanager,
        "Alertmanager: alerts to the topics of pages, tickets and tenants' owners",
        publishing(props.alertTopics),
      ),
      ...identity("grafana", MONITORING_ACCOUNTS.grafana, "Grafana: CloudWatch's metrics, read alone", METRIC_READING),
    ];
    this.databaseExporter = [
      ...identity(
        "database-exporter",
        MONITORING_ACCOUNTS.databaseExporter,
        `Database exporter: logs in through RDS Proxy as ${MONITOR}`,
        [
          {
            sid: "LogInAsTheMonitor",
            actions: ["rds-db:connect"],
            resources: [`${databaseUserArnPrefix(props.databaseProxyArn)}/${MONITOR}`],
          },
        ],
      ),
    ];
  }
}

function publishing(topics: AlertTopicArns): DataAwsIamPolicyDocumentStatement[] {
  return [
    {
      sid: "Publish",
      actions: ["sns:Publish"],
      resources: [topics.page, topics.ticket, topics.owner, topics.watchdog],
    },
    // SNS encrypts with the topics' key in the publisher's name (SNS developer guide, key management).
    { sid: "EncryptMessages", actions: ["kms:Decrypt", "kms:GenerateDataKey*"], resources: [topics.key] },
  ];
}

const METRIC_READING: readonly DataAwsIamPolicyDocumentStatement[] = [
  {
    // None of these calls knows a resource (service authorization reference, CloudWatch). The dashboards name what they
    // show, so Grafana searches neither tags nor instances.
    sid: "ReadMetrics",
    actions: ["cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics"],
    resources: ["*"],
  },
];

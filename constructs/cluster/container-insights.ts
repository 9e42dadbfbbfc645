import { readFileSync } from "node:fs";
import { join } from "node:path";

import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { Account } from "../account";
import { AddOn } from "./add-on";
import type { ControlPlane } from "./control-plane";
import { PodIdentityRole } from "./pod-identity-role";

export interface ContainerInsightsProps {
  readonly account: Account;
  readonly controlPlane: ControlPlane;
  /** Key of the log groups. */
  readonly logsKeyArn: string;
  /** Days that CloudWatch keeps the cluster's logs. */
  readonly logRetentionDays: number;
  /** Nodes that the agents run on. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Log groups that the agents write to, below `/aws/containerinsights/<cluster>/`. */
const LOG_GROUPS = ["application", "dataplane", "host", "performance"];

/**
 * Seconds between two samples. Observations are billed; the minute-by-minute view of pods is Prometheus's, and five
 * minutes cost a fifth of the add-on's own 60 seconds.
 */
export const COLLECTION_INTERVAL_SECONDS = 300;

/**
 * CloudWatch's view of the cluster, within the brief's $200 a month: metrics every five minutes, all logs of the
 * platform's namespaces, of tenants only what asks for attention, and nothing of their sidecars. Every line of 3,000
 * meshed pods at 10 KB a minute would be 1.3 TB, or $1,000, a month ($0.76 a GB, CloudWatch price list, Tokyo).
 */
export class ContainerInsights extends Construct {
  constructor(scope: Construct, id: string, props: ContainerInsightsProps) {
    super(scope, id);
    const { cluster, name: clusterName } = props.controlPlane;
    // The agents would create the groups themselves, and CloudWatch keep them for ever.
    const groups = LOG_GROUPS.map(
      (name) =>
        new CloudwatchLogGroup(this, name, {
          name: `/aws/containerinsights/${clusterName}/${name}`,
          retentionInDays: props.logRetentionDays,
          kmsKeyId: props.logsKeyArn,
        }),
    );
    const agent = new PodIdentityRole(this, "agent", {
      clusterName: cluster.name,
      clusterArn: cluster.arn,
      // The agent's account; the add-on runs Fluent Bit under it too.
      namespace: "amazon-cloudwatch",
      serviceAccount: "cloudwatch-agent",
      roleName: `${clusterName}-cloudwatch-agent`,
      description: "CloudWatch agent and Fluent Bit: the cluster's own log groups and metrics",
      statements: agentStatements(props.account, clusterName),
    });
    new AddOn(this, "add-on", {
      clusterName: cluster.name,
      name: "amazon-cloudwatch-observability",
      configuration: configuration(),
      dependsOn: [...groups, ...agent.dependables, ...props.dependsOn],
    });
  }
}

/** Settings of the add-on (aws-observability/helm-charts, values of amazon-cloudwatch-observability). */
function configuration() {
  return {
    agent: {
      // Replaces the add-on's default, which turns on Application Signals and its traces as well.
      config: {
        logs: {
          metrics_collected: {
            kubernetes: {
              enhanced_container_insights: true,
              metrics_collection_interval: COLLECTION_INTERVAL_SECONDS,
            },
          },
        },
      },
    },
    // Would inject an instrumentation agent into every pod, tenants' included.
    manager: { applicationSignals: { autoMonitor: { monitorAllServices: false } } },
    containerLogs: {
      enabled: true,
      fluentBit: { config: { extraFiles: { "application-log.conf": fluentBitFile("application-log.conf") } } },
    },
  };
}

function fluentBitFile(name: string): string {
  return readFileSync(join(__dirname, "fluent-bit", name), "utf8");
}

function agentStatements(account: Account, clusterName: string): DataAwsIamPolicyDocumentStatement[] {
  const groups = LOG_GROUPS.map((name) =>
    account.arn("logs", `log-group:/aws/containerinsights/${clusterName}/${name}`),
  );
  return [
    {
      sid: "WriteLogs",
      // CreateLogGroup because Fluent Bit asks for it before it writes, though the groups exist.
      actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      resources: groups.flatMap((arn) => [arn, `${arn}:*`]),
    },
    {
      // Neither call knows a resource; the namespace is the one bound that CloudWatch offers.
      sid: "WriteMetrics",
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      condition: [{ test: "StringEquals", variable: "cloudwatch:namespace", values: ["ContainerInsights"] }],
    },
    {
      // None of these calls knows a resource (service authorization reference, EC2 and CloudWatch Logs).
      sid: "SeeNodesAndVolumes",
      actions: ["ec2:DescribeInstances", "ec2:DescribeTags", "ec2:DescribeVolumes", "logs:DescribeLogGroups"],
      resources: ["*"],
    },
  ];
}

import { Construct } from "constructs";

import type { NodeGroupPlans, WorkingHours } from "../../config";
import { type AlertTopicArns, MetricAlarm } from "../account";
import { COLLECTION_INTERVAL_SECONDS } from "./container-insights";

export interface ClusterAlarmsProps {
  readonly clusterName: string;
  readonly nodeGroups: NodeGroupPlans;
  /** Hours outside of which fewer standard nodes are held. @default - as many at all hours */
  readonly workingHours?: WorkingHours;
  readonly topics: AlertTopicArns;
}

/** Requests that the API answers with 5xx in five minutes; a leader's change brings a handful. */
const API_ERRORS = 100;

/** Samples in a row: one that a restarting agent misses wakes nobody. */
const SAMPLES = 3;

/** The cluster seen from outside: what Prometheus cannot tell because it goes down with it. */
export class ClusterAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ClusterAlarmsProps) {
    super(scope, id);
    const { topics } = props;
    const dimensions = { ClusterName: props.clusterName };
    const nodes = minimumNodes(props);
    new MetricAlarm(this, "nodes", {
      name: `${props.clusterName}-nodes`,
      description: `Under ${nodes} nodes report to CloudWatch, the node groups' minimum, or none at all.`,
      runbook: "kubernetes.md",
      metric: { namespace: "ContainerInsights", name: "cluster_node_count", statistic: "Minimum", dimensions },
      threshold: { below: nodes },
      periodSeconds: COLLECTION_INTERVAL_SECONDS,
      periods: SAMPLES,
      missing: "breaching",
      topicArn: topics.page,
    });
    new MetricAlarm(this, "failed-nodes", {
      name: `${props.clusterName}-failed-nodes`,
      description: "A node is unhealthy and EKS has not replaced it.",
      runbook: "kubernetes.md",
      metric: { namespace: "ContainerInsights", name: "cluster_failed_node_count", statistic: "Maximum", dimensions },
      threshold: { above: 0 },
      periodSeconds: COLLECTION_INTERVAL_SECONDS,
      periods: SAMPLES,
      missing: "notBreaching",
      topicArn: topics.ticket,
    });
    new MetricAlarm(this, "api-errors", {
      name: `${props.clusterName}-api-errors`,
      description: "The Kubernetes API fails: nothing is scheduled, scaled or repaired.",
      runbook: "control-plane.md",
      metric: { namespace: "AWS/EKS", name: "apiserver_request_total_5XX", statistic: "Sum", dimensions },
      threshold: { above: API_ERRORS },
      periodSeconds: 300,
      periods: SAMPLES,
      missing: "notBreaching",
      topicArn: topics.page,
    });
  }
}

/** Nodes that the groups never go below, spot having no floor: an alarm knows no hours. */
function minimumNodes({ nodeGroups, workingHours }: ClusterAlarmsProps): number {
  const { system, enterprise, standardOnDemand } = nodeGroups;
  return system.min + enterprise.min + (workingHours?.minOutside ?? standardOnDemand.min);
}

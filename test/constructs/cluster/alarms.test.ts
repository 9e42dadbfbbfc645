import { ENVIRONMENTS, nodeGroupPlans, type WorkingHours } from "../../../config";
import { ClusterAlarms } from "../../../constructs/cluster/alarms";
import { ALERT_TOPICS, resourceWith } from "../../support/cluster";
import { resourcesOf, synthConstruct } from "../../support/synth";

describe("ClusterAlarms", () => {
  const synth = (hours: { readonly workingHours?: WorkingHours } = {}) =>
    synthConstruct((scope) => {
      new ClusterAlarms(scope, "alarms", {
        clusterName: "taskflow-eks",
        nodeGroups: nodeGroupPlans(ENVIRONMENTS.production),
        topics: ALERT_TOPICS,
        ...hours,
      });
    });
  const json = synth();
  const alarm = (name: string) => resourceWith(json, "aws_cloudwatch_metric_alarm", { alarm_name: name });

  test("page when fewer nodes report than the groups must have, and when none does", () => {
    expect(alarm("taskflow-eks-nodes")).toMatchObject({
      namespace: "ContainerInsights",
      metric_name: "cluster_node_count",
      dimensions: { ClusterName: "taskflow-eks" },
      comparison_operator: "LessThanThreshold",
      // 2 system, 3 enterprise and 3 standard on demand.
      threshold: 8,
      period: 300,
      evaluation_periods: 3,
      treat_missing_data: "breaching",
      alarm_actions: [ALERT_TOPICS.page],
      ok_actions: [ALERT_TOPICS.page],
    });
  });

  test("do not page at night when the standard pool's floor is lower then", () => {
    const workingHours = { timeZone: "Asia/Tokyo", from: "08:00", until: "20:00", minOutside: 1 };
    const nodes = resourceWith(synth({ workingHours }), "aws_cloudwatch_metric_alarm", {
      alarm_name: "taskflow-eks-nodes",
    });
    expect(nodes["threshold"]).toBe(6);
  });

  test("write a ticket about a node that stays unhealthy", () => {
    expect(alarm("taskflow-eks-failed-nodes")).toMatchObject({
      metric_name: "cluster_failed_node_count",
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      treat_missing_data: "notBreaching",
      alarm_actions: [ALERT_TOPICS.ticket],
    });
  });

  test("page when the API answers with errors for a quarter of an hour", () => {
    expect(alarm("taskflow-eks-api-errors")).toMatchObject({
      namespace: "AWS/EKS",
      metric_name: "apiserver_request_total_5XX",
      statistic: "Sum",
      period: 300,
      evaluation_periods: 3,
      alarm_actions: [ALERT_TOPICS.page],
    });
  });

  test("ask for no value more often than Container Insights sends one", () => {
    const periods = Object.values(resourcesOf(json, "aws_cloudwatch_metric_alarm")).map((one) => Number(one["period"]));
    expect(Math.min(...periods)).toBeGreaterThanOrEqual(300);
  });
});

import { Lb } from "@cdktf/provider-aws/lib/lb";

import { EdgeAlarms } from "../../../constructs/edge";
import { ALERT_TOPICS, resourceWith } from "../../support/cluster";
import { synthConstruct } from "../../support/synth";

describe("EdgeAlarms", () => {
  const json = synthConstruct((scope) => {
    new EdgeAlarms(scope, "alarms", {
      region: "ap-northeast-1",
      loadBalancer: new Lb(scope, "lb", { name: "taskflow-edge" }),
      targetGroupArn: "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/taskflow/1",
      certificateArn: "arn:aws:acm:ap-northeast-1:111122223333:certificate/1",
      topics: ALERT_TOPICS,
    });
  });

  test.each([
    ["taskflow-edge-errors", "HTTPCode_ELB_5XX_Count", "GreaterThanThreshold", 10, "notBreaching", ALERT_TOPICS.page],
    ["taskflow-edge-targets", "HealthyHostCount", "LessThanThreshold", 2, "breaching", ALERT_TOPICS.page],
    ["taskflow-edge-blocked", "BlockedRequests", "GreaterThanThreshold", 10_000, "notBreaching", ALERT_TOPICS.ticket],
    ["taskflow-edge-certificate", "DaysToExpiry", "LessThanThreshold", 30, "notBreaching", ALERT_TOPICS.ticket],
  ])("%s watches %s", (name, metric, comparison, threshold, missing, topic) => {
    expect(resourceWith(json, "aws_cloudwatch_metric_alarm", { alarm_name: name })).toMatchObject({
      metric_name: metric,
      comparison_operator: comparison,
      threshold,
      treat_missing_data: missing,
      alarm_actions: [topic],
      ok_actions: [topic],
    });
  });

  test("the targets are counted in the one target group, by the names that CloudWatch knows", () => {
    const alarm = resourceWith(json, "aws_cloudwatch_metric_alarm", { alarm_name: "taskflow-edge-targets" });
    expect(alarm["dimensions"]).toEqual({
      TargetGroup:
        '${element(split(":", "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/taskflow/1"), 5)}',
      LoadBalancer: expect.stringMatching(/^\$\{aws_lb\..*\.arn_suffix\}$/),
    });
  });

  test("what the firewall refuses is counted over all its rules", () => {
    const alarm = resourceWith(json, "aws_cloudwatch_metric_alarm", { alarm_name: "taskflow-edge-blocked" });
    expect(alarm["dimensions"]).toEqual({ WebACL: "taskflow-edge", Region: "ap-northeast-1", Rule: "ALL" });
  });
});

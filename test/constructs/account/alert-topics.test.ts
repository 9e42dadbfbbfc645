import { AlertTopics } from "../../../constructs/account";
import { account, resolved, statements } from "../../support/cluster";
import { onlyResource, resourcesOf, synthConstruct } from "../../support/synth";

describe("AlertTopics", () => {
  const json = synthConstruct((scope) => {
    new AlertTopics(scope, "topics", { account: account(scope) });
  });
  const publishers = (topic: string) =>
    (JSON.parse(resolved(JSON.stringify(statements(json, `topics_${topic}_document`)))) as Record<string, unknown>[])
      .filter((statement) => statement["effect"] !== "Deny")
      .flatMap((statement) => statement["principals"]);

  test("are pages, tickets, owners and a sign of life, under one key", () => {
    const topics = Object.values(resourcesOf(json, "aws_sns_topic"));
    expect(topics.map((topic) => String(topic["name"])).sort()).toEqual([
      "taskflow-alarms-owner",
      "taskflow-alarms-page",
      "taskflow-alarms-ticket",
      "taskflow-alarms-watchdog",
    ]);
    expect(new Set(topics.map((topic) => topic["kms_master_key_id"])).size).toBe(1);
  });

  test("take CloudWatch's alarms as pages and tickets, the budget's warnings as tickets, and of the rest nothing", () => {
    const services = (...names: string[]) => [
      { type: "Service", identifiers: names.map((name) => `${name}.amazonaws.com`) },
    ];
    expect(publishers("page")).toEqual(services("cloudwatch"));
    expect(publishers("ticket")).toEqual(services("cloudwatch", "budgets"));
    expect(publishers("owner")).toEqual([]);
    expect(publishers("watchdog")).toEqual([]);
    expect(onlyResource(json, "aws_kms_key")["policy"]).toContain(
      '"Service":["cloudwatch.amazonaws.com","budgets.amazonaws.com"]',
    );
  });

  test("page when Alertmanager falls silent, or never spoke", () => {
    expect(onlyResource(json, "aws_cloudwatch_metric_alarm")).toMatchObject({
      alarm_name: "taskflow-alarms-silence",
      namespace: "AWS/SNS",
      metric_name: "NumberOfMessagesPublished",
      dimensions: { TopicName: "taskflow-alarms-watchdog" },
      statistic: "Sum",
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      period: 300,
      evaluation_periods: 3,
      treat_missing_data: "breaching",
      alarm_actions: [expect.stringMatching(/aws_sns_topic\.topics_page_/)],
    });
  });
});

import { existsSync } from "node:fs";
import { join } from "node:path";

import { MetricAlarm, type MetricAlarmProps } from "../../../constructs/account";
import { onlyResource, synthConstruct } from "../../support/synth";
import { constructSources, mentioned } from "../delivery/sources";

const ALARM: MetricAlarmProps = {
  name: "taskflow-test",
  description: "Something is wrong.",
  runbook: "monitoring.md",
  metric: { namespace: "AWS/Test", name: "Things", statistic: "Sum", dimensions: { Of: "test" } },
  threshold: { above: 5 },
  periodSeconds: 60,
  periods: 3,
  missing: "notBreaching",
  topicArn: "arn:aws:sns:ap-northeast-1:111122223333:taskflow-alarms-page",
};

const synth = (props: Partial<MetricAlarmProps> = {}) =>
  onlyResource(
    synthConstruct((scope) => {
      new MetricAlarm(scope, "alarm", { ...ALARM, ...props });
    }),
    "aws_cloudwatch_metric_alarm",
  );

describe("MetricAlarm", () => {
  test("tells its topic of its start and its end, and where to read on", () => {
    expect(synth()).toMatchObject({
      alarm_name: "taskflow-test",
      alarm_description: "Something is wrong. See docs/runbooks/monitoring.md.",
      alarm_actions: [ALARM.topicArn],
      ok_actions: [ALARM.topicArn],
    });
  });

  test.each([
    [{ above: 5 }, "GreaterThanThreshold"],
    [{ below: 5 }, "LessThanThreshold"],
  ])("fires at %p with %s", (threshold, comparison) => {
    expect(synth({ threshold })).toMatchObject({ comparison_operator: comparison, threshold: 5 });
  });

  test("names a runbook that exists, wherever one is made", () => {
    const runbooks = mentioned(/runbook: "([a-z-]+\.md)"/g, constructSources());
    expect(runbooks).not.toEqual([]);
    expect(runbooks.filter((name) => !existsSync(join(__dirname, "../../../docs/runbooks", name)))).toEqual([]);
  });
});

import type { Case, Firing } from "./case";
import { CASES } from "./cases";
import { type ExpectedAlert, type PromtoolTest, testRules } from "./promtool";
import { alertsOf, groupsOf, synthesizedGroups } from "./rules";

const groups = synthesizedGroups();
const rules = alertsOf(groups);

function runbookOf(alert: string): string {
  return rules.find((rule) => rule.alert === alert)?.annotations["runbook_url"] ?? "none";
}

function expected(alert: string, { labels, summary, description, dashboard }: Firing): ExpectedAlert {
  return { exp_labels: labels, exp_annotations: { summary, description, dashboard, runbook_url: runbookOf(alert) } };
}

function promtoolTest({ alert, says, given, minutes, fires }: Case): PromtoolTest {
  return {
    name: `${alert} ${says}`,
    interval: "1m",
    input_series: given,
    alert_rule_test: [
      { eval_time: `${minutes}m`, alertname: alert, exp_alerts: fires.map((firing) => expected(alert, firing)) },
    ],
  };
}

describe.each([...new Set(CASES.map(({ alert }) => alert))])("%s", (alert) => {
  const cases = CASES.filter((each) => each.alert === alert);

  test.each(cases.map((each) => [each.says, each] as const))("%s", (_, each) => {
    const { passed, output } = testRules(groupsOf(alert, groups), promtoolTest(each), each.evaluation);
    expect(passed ? "as expected" : output).toBe("as expected");
  });
});

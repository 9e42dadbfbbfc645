import type { AlertingRule } from "../../../constructs/observability/rules";
import type { Case } from "./case";

/** Fires always, and so is never silent. */
const ALWAYS = ["Watchdog"];

/** A rule's severity as a series' tier fills it in. */
const severities = (rule: AlertingRule): readonly string[] =>
  rule.labels["severity"]?.startsWith("{{") ? ["page", "ticket"] : [rule.labels["severity"] ?? ""];

/** Rules that no case makes fire, with each severity and window that they have, and alerts that no case keeps silent. */
export function uncovered(rules: readonly AlertingRule[], cases: readonly Case[]): readonly string[] {
  const fired = new Set(
    cases.flatMap(({ alert, fires }) =>
      fires.map(({ labels }) => [alert, labels["severity"], labels["window"]].join(" ")),
    ),
  );
  const silent = new Set(cases.filter(({ fires }) => fires.length === 0).map(({ alert }) => alert));
  const neverFires = rules
    .flatMap((rule) => severities(rule).map((severity) => [rule.alert, severity, rule.labels["window"]].join(" ")))
    .filter((name) => !fired.has(name));
  const neverSilent = rules.map(({ alert }) => alert).filter((alert) => !silent.has(alert) && !ALWAYS.includes(alert));
  return [
    ...neverFires.map((name) => `${name.trim()} never fires`),
    ...new Set(neverSilent.map((name) => `${name} is never silent`)),
  ];
}

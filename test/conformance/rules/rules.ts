import { type AlertingRule, MonitoringRules, type RuleGroup } from "../../../constructs/observability/rules";
import { inTwoRegions } from "../../support/regions";
import { onlyResource, synthInCluster } from "../../support/synth";

interface PrometheusRuleJson {
  readonly kind: string;
  readonly spec: { readonly groups: readonly RuleGroup[] };
}

/** Groups of the PrometheusRule objects that the construct synthesizes where there is a second region, which has them all. */
export function synthesizedGroups(): readonly RuleGroup[] {
  const json = synthInCluster((scope) => {
    new MonitoringRules(scope, "rules", { environment: inTwoRegions("standby"), dependsOn: [] });
  });
  const values = JSON.parse(onlyResource(json, "helm_release")["values"][0]) as { manifests: PrometheusRuleJson[] };
  return values.manifests.flatMap((object) => object.spec.groups);
}

/** The alerts among the groups' rules. */
export function alertsOf(groups: readonly RuleGroup[]): readonly AlertingRule[] {
  return groups.flatMap((group) => group.rules).filter((rule) => "alert" in rule);
}

/** The rules of one alert with what they read, recorded by recorded: an evaluation costs the same for each rule. */
export function groupsOf(alert: string, groups: readonly RuleGroup[]): readonly RuleGroup[] {
  const recording = groups.flatMap((group) => group.rules).filter((rule) => "record" in rule);
  const needed = new Set<string>();
  const need = (expr: string): void => {
    for (const rule of recording) {
      if (expr.includes(rule.record) && !needed.has(rule.record)) {
        needed.add(rule.record);
        need(rule.expr);
      }
    }
  };
  alertsOf(groups)
    .filter((rule) => rule.alert === alert)
    .forEach((rule) => {
      need(rule.expr);
    });
  return groups
    .map(({ name, rules }) => ({
      name,
      rules: rules.filter((rule) => ("record" in rule ? needed.has(rule.record) : rule.alert === alert)),
    }))
    .filter(({ rules }) => rules.length > 0);
}

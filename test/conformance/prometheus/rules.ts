import { isArray, isObject, type JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";

/** What an alert must hold for at most here: nobody waits a quarter of an hour for a test, and what is impatient tells more. */
const LONGEST_FOR_SECONDS = 10;

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** The groups of the synthesized PrometheusRules as Prometheus reads them. */
export function ruleGroups(objects: readonly KubernetesObject[]): readonly JsonObject[] {
  return objects
    .filter(({ kind }) => kind === "PrometheusRule")
    .flatMap(({ spec }) => (isObject(spec) && isArray(spec["groups"]) ? spec["groups"].filter(isObject) : []))
    .map((group) => ({ ...group, rules: rulesOf(group).map(impatient) }));
}

/** The rules of a group. */
export function rulesOf(group: JsonObject): readonly JsonObject[] {
  return isArray(group["rules"]) ? group["rules"].filter(isObject) : [];
}

function impatient(rule: JsonObject): JsonObject {
  const { for: duration } = rule;
  if (typeof duration !== "string") {
    return rule;
  }
  const [, count = "0", unit = "s"] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  const seconds = Math.min(Number(count) * (UNIT_SECONDS[unit] ?? 1), LONGEST_FOR_SECONDS);
  return { ...rule, for: `${seconds}s` };
}

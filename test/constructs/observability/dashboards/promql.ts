import { kubeStateMetricsValues } from "../../../../constructs/observability/exporter-values";
import { READ_METRICS } from "../../../../constructs/observability/mesh-relabelings";
import { recordedNames } from "../../../../constructs/observability/rules";
import { relabel } from "../support";

/** A metric with its matchers, as a query reads it. */
export interface Selector {
  readonly metric: string;
  /** Without braces; empty where there are none. */
  readonly matchers: string;
}

const FUNCTIONS = ["count", "increase", "label_replace", "max", "min", "rate", "sum", "topk", "vector"];
const WORDS = ["and", "by", "group_left", "group_right", "ignoring", "on", "or", "unless", "without"];

/** Words whose list in parentheses names labels. */
const LABEL_LISTS = /\b(?:by|group_left|group_right|ignoring|on|without)\s*\([^()]*\)/g;

/** Metrics of others than mesh, kube-state-metrics and our rules: Prometheus, kubelet, node exporter, database exporter. */
const OTHERS = new Set([
  "ALERTS",
  "container_cpu_usage_seconds_total",
  "container_memory_working_set_bytes",
  "node_cpu_seconds_total",
  "node_memory_MemAvailable_bytes",
  "node_memory_MemTotal_bytes",
  "sql_tenant_connection_limit",
  "sql_tenant_connections",
  "sql_tenant_schema_bytes",
]);

/** What is wrong with a query, as far as its text alone tells; empty if nothing is. */
export function problemsOf(expr: string): readonly string[] {
  return [
    ...(expr.includes('"') ? ["a double quote takes four characters in Terraform's state"] : []),
    ...(expr.includes("${") ? ["Terraform takes ${ for an expression"] : []),
    ...imbalance(expr),
    ...selectorsOf(expr)
      .filter(({ metric }) => !exists(metric))
      .map(({ metric }) => `nothing brings ${metric}`),
    ...[...withoutTexts(expr).matchAll(/([a-zA-Z_]\w*)\s*\(/g)]
      .map(([, name = ""]) => name)
      .filter((name) => !FUNCTIONS.includes(name) && !WORDS.includes(name))
      .map((name) => `${name} is no function that the dashboards use`),
  ];
}

/** Every metric that a query reads. */
export function selectorsOf(expr: string): readonly Selector[] {
  const texts = [...expr.matchAll(/'[^']*'/g)].map(([text]) => text);
  let next = 0;
  const restored = (matchers: string): string => matchers.replaceAll("''", () => texts[next++] ?? "''");
  // Texts are put back in order, so those outside of matchers are taken out of the query first and counted too.
  return [
    ...withoutTexts(expr)
      .replaceAll(LABEL_LISTS, "")
      .matchAll(/''|\[[^\]]*\]|([a-zA-Z_:][\w:]*)(\s*\(|\{[^}]*\})?/g),
  ].flatMap(([token, name, rest = ""]) => {
    if (token === "''") {
      next += 1;
      return [];
    }
    if (name === undefined || rest.endsWith("(") || WORDS.includes(name)) {
      return [];
    }
    return [{ metric: name, matchers: restored(rest.slice(1, -1)) }];
  });
}

const withoutTexts = (expr: string): string => expr.replaceAll(/'[^']*'/g, "''");

function imbalance(expr: string): readonly string[] {
  const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
  const open: string[] = [];
  if ((expr.split("'").length - 1) % 2 === 1) {
    return ["a text does not end"];
  }
  for (const character of withoutTexts(expr)) {
    if (character in closing) {
      open.push(closing[character] ?? "");
    } else if (")]}".includes(character) && open.pop() !== character) {
      return [`${character} closes nothing`];
    }
  }
  return open.length > 0 ? [`${open.join("")} is missing`] : [];
}

function exists(metric: string): boolean {
  if (/^(istio|envoy)_/.test(metric)) {
    return relabel({ __name__: metric }, READ_METRICS) !== undefined;
  }
  const [, kind] = /^kube_([a-z]+)/.exec(metric) ?? [];
  if (kind !== undefined) {
    const { collectors, metricDenylist } = kubeStateMetricsValues();
    return [...collectors].some((name) => name === `${kind}s`) && ![...metricDenylist].some((name) => name === metric);
  }
  return OTHERS.has(metric) || recordedNames().includes(metric);
}

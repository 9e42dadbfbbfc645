import type { RelabelConfig } from "../../../constructs/observability/monitoring-objects";
import { type ResourceJson, resourcesOf, type StackJson } from "../../support/synth";

/** The Helm release of that name, with its values parsed. */
export function release(
  json: StackJson,
  name: string,
): { readonly resource: ResourceJson; readonly values: ResourceJson } {
  const found = Object.values(resourcesOf(json, "helm_release")).find((resource) => resource["name"] === name);
  if (!found) {
    throw new Error(`no release ${name}`);
  }
  return { resource: found, values: JSON.parse(found["values"][0]) as ResourceJson };
}

/** Every value at every depth, with its path. */
export function leaves(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null) {
    return [[path, value]];
  }
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path === "" ? key : `${path}.${key}`));
}

type Labels = Readonly<Record<string, string>>;

/** Prometheus's relabelling as far as it is used here: the labels afterwards, or undefined where they are dropped. */
export function relabel(labels: Labels, configs: readonly RelabelConfig[]): Labels | undefined {
  let current = labels;
  for (const config of configs) {
    const next = step(current, config);
    if (!next) {
      return undefined;
    }
    current = next;
  }
  return current;
}

function step(labels: Labels, config: RelabelConfig): Labels | undefined {
  const value = (config.sourceLabels ?? []).map((name) => labels[name] ?? "").join(";");
  const match = new RegExp(`^(?:${config.regex ?? "(.*)"})$`).exec(value);
  switch (config.action ?? "replace") {
    case "keep":
      return match ? labels : undefined;
    case "drop":
      return match ? undefined : labels;
    case "replace": {
      if (!match || config.targetLabel === undefined) {
        return labels;
      }
      const text = (config.replacement ?? "$1").replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? "");
      const target = config.targetLabel;
      const others = Object.fromEntries(Object.entries(labels).filter(([name]) => name !== target));
      return text === "" ? others : { ...others, [target]: text };
    }
  }
}

interface PeerJson {
  readonly ip_block?: { readonly cidr: string };
  readonly namespace_selector?: SelectorJson;
  readonly pod_selector?: SelectorJson;
}

interface SelectorJson {
  readonly match_labels?: Labels;
  readonly match_expressions?: readonly { readonly operator: string; readonly values: readonly string[] }[];
}

interface RuleJson {
  readonly from?: readonly PeerJson[];
  readonly to?: readonly PeerJson[];
  readonly ports?: readonly { readonly port: string; readonly protocol: string }[];
}

/** What a NetworkPolicy allows, a line an edge: `from flagger-system: TCP 9090`. */
export function edges(spec: ResourceJson): string[] {
  const ingress = (spec["ingress"] ?? []) as RuleJson[];
  const egress = (spec["egress"] ?? []) as RuleJson[];
  return [
    ...ingress.flatMap((rule) => describeRule("from", rule.from, rule)),
    ...egress.flatMap((rule) => describeRule("to", rule.to, rule)),
  ];
}

function describeRule(direction: string, peers: readonly PeerJson[] | undefined, rule: RuleJson): string[] {
  const ports = (rule.ports ?? [{ protocol: "any", port: "port" }]).map(({ protocol, port }) => `${protocol} ${port}`);
  return (peers ?? [{}]).map((peer) => `${direction} ${describePeer(peer)}: ${ports.join(", ")}`);
}

function describePeer(peer: PeerJson): string {
  if (peer.ip_block) {
    return peer.ip_block.cidr;
  }
  const parts = [describeSelector(peer.namespace_selector), describeSelector(peer.pod_selector)];
  return parts.filter((part) => part !== undefined).join("/") || "anyone";
}

function describeSelector(selector: SelectorJson | undefined): string | undefined {
  if (!selector) {
    return undefined;
  }
  const labels = Object.values(selector.match_labels ?? {});
  const values = (selector.match_expressions ?? []).flatMap((expression) => expression.values);
  return [...labels, ...values].join("+") || "*";
}

import { isArray, isObject, type Json, type JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";

/** A policy that was changed for the worse. */
export interface Mutation {
  readonly name: string;
  readonly object: KubernetesObject | undefined;
}

/**
 * Ways in which one mistake spoils a policy.
 *
 * @param rules - rules of a NetworkPolicy, of each direction, that are spoilt each for itself
 */
export function mutationsOf(object: KubernetesObject, rules: number = Infinity): readonly Mutation[] {
  const common = [
    { name: "removed", object: undefined },
    { name: "moved", object: { ...object, metadata: { ...object.metadata, namespace: "default" } } },
  ];
  const spec = isObject(object["spec"]) ? object["spec"] : {};
  const changed = (name: string, change: JsonObject): Mutation => ({
    name,
    object: { ...object, spec: { ...spec, ...change } },
  });
  switch (object.kind) {
    case "NetworkPolicy":
      return [...common, ...networkMutations(spec, changed, rules)];
    case "AuthorizationPolicy":
      return [...common, ...authorizationMutations(spec, changed)];
    case "PeerAuthentication":
      return [...common, changed("PERMISSIVE", { mtls: { mode: "PERMISSIVE" } }), changed("UNSET", { mtls: {} })];
    default:
      return [];
  }
}

type Change = (name: string, change: JsonObject) => Mutation;

function networkMutations(spec: JsonObject, changed: Change, most: number): readonly Mutation[] {
  const directions = (["ingress", "egress"] as const).filter((direction) => isArray(spec[direction]));
  return [
    changed("for other pods", { podSelector: { matchLabels: { "taskflow.io/service": "nothing" } } }),
    ...(isEmpty(spec["podSelector"]) ? [] : [changed("for all pods", { podSelector: {} })]),
    ...directions.flatMap((direction) => {
      const rules = list(spec[direction]);
      return [
        changed(`${direction} open`, { [direction]: [{}] }),
        changed(`${direction} shut`, { [direction]: [] }),
        ...[...rules.entries()]
          .slice(0, most)
          .flatMap(([index, rule]) =>
            ruleMutations(rule).map(({ name, rule: other }) =>
              changed(`${direction}[${index}] ${name}`, { [direction]: rules.with(index, other) }),
            ),
          ),
      ];
    }),
  ];
}

function ruleMutations(rule: JsonObject): readonly { readonly name: string; readonly rule: JsonObject }[] {
  const { ports, from, to } = rule;
  const key = from === undefined ? "to" : "from";
  const peers = list(from ?? to);
  const withPeers = (others: readonly Json[]): JsonObject => ({ ...rule, [key]: others });
  return [
    ...(ports === undefined ? [] : [{ name: "without ports", rule: { [key]: peers } }]),
    ...(ports === undefined ? [] : [{ name: "without its first port", rule: { ...rule, ports: spoilt(list(ports)) } }]),
    { name: "for everybody", rule: { ...(ports === undefined ? {} : { ports }) } },
    ...peers.slice(0, 1).flatMap((peer) =>
      peerMutations(peer).map(({ name, peer: other }) => ({
        name: `peer ${name}`,
        rule: withPeers(peers.with(0, other)),
      })),
    ),
  ];
}

/** Without the first port, or with another where it is the only one: no ports at all would be every port. */
function spoilt(ports: readonly JsonObject[]): readonly JsonObject[] {
  return ports.length === 1 ? [{ port: 9, protocol: "TCP" }] : ports.slice(1);
}

function peerMutations(peer: JsonObject): readonly { readonly name: string; readonly peer: JsonObject }[] {
  const { ipBlock, namespaceSelector, podSelector } = peer;
  const block = isObject(ipBlock) ? ipBlock : {};
  return [
    ...(ipBlock === undefined ? [] : [{ name: "is every address", peer: { ipBlock: { cidr: "0.0.0.0/0" } } }]),
    ...(block["except"] === undefined ? [] : [{ name: "without except", peer: { ipBlock: { cidr: block["cidr"] } } }]),
    ...(namespaceSelector === undefined || isEmpty(namespaceSelector)
      ? []
      : [{ name: "in any namespace", peer: { ...peer, namespaceSelector: {} } }]),
    ...(podSelector === undefined || isEmpty(podSelector)
      ? []
      : [{ name: "of any label", peer: { ...peer, podSelector: {} } }]),
    ...(ipBlock === undefined
      ? [{ name: "of another label", peer: { ...peer, podSelector: { matchLabels: { other: "label" } } } }]
      : []),
  ];
}

function authorizationMutations(spec: JsonObject, changed: Change): readonly Mutation[] {
  const rules = list(spec["rules"]);
  const other = spec["action"] === "ALLOW" ? "DENY" : "ALLOW";
  return [
    changed(`action ${other}`, { action: other }),
    changed("rules open", { rules: [{}] }),
    changed("rules emptied", { rules: [] }),
    changed("for other pods", { selector: { matchLabels: { other: "label" } } }),
    ...rules.flatMap((rule, index) => [
      ...(["from", "to"] as const)
        .filter((key) => rule[key] !== undefined)
        .map((key) =>
          changed(`rule ${index} without ${key}`, {
            rules: rules.with(index, Object.fromEntries(Object.entries(rule).filter(([name]) => name !== key))),
          }),
        ),
      ...list(rule["from"]).flatMap(({ source }, item) =>
        sourceMutations(isObject(source) ? source : {}).map(({ name, source: otherSource }) =>
          changed(`rule ${index} source ${item} ${name}`, {
            rules: rules.with(index, { ...rule, from: list(rule["from"]).with(item, { source: otherSource }) }),
          }),
        ),
      ),
    ]),
  ];
}

/** A value that nobody has, by field. */
const NOBODY: Readonly<Record<string, string>> = { notIpBlocks: "192.0.2.0/24" };

function sourceMutations(source: JsonObject): readonly { readonly name: string; readonly source: JsonObject }[] {
  return Object.entries(source).flatMap(([key, values]) => {
    const texts = isArray(values) ? values : [];
    return [
      ...texts.map((text, index) => ({
        name: `without ${String(text)}`,
        source: { [key]: texts.length === 1 ? [NOBODY[key] ?? "nobody"] : texts.toSpliced(index, 1) },
      })),
      ...(key === "notIpBlocks"
        ? [{ name: `${key} of all`, source: { [key]: ["0.0.0.0/0"] } }]
        : [{ name: `${key} of all`, source: { [key]: [...texts, "*"] } }]),
    ];
  });
}

function list(value: Json | undefined): readonly JsonObject[] {
  return isArray(value) ? value.filter(isObject) : [];
}

function isEmpty(value: Json | undefined): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

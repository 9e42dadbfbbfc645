import { assert, constantFrom, integer, oneof, property, record, subarray, array, constant } from "fast-check";

import { readCluster } from "../../../tools/isolation/cluster";
import { connectivity } from "../../../tools/isolation/connectivity";
import { Problems } from "../../../tools/isolation/source";
import type { JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";

type Labels = Readonly<Record<string, string>>;
interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}
interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
}
interface Port {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly Port[];
}
interface Spec {
  readonly podSelector: Selector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}
interface Pod {
  readonly namespace: string;
  readonly labels: Labels;
  readonly http: number;
}
interface Policy {
  readonly namespace: string;
  readonly spec: Spec;
}

const NAMESPACES: Readonly<Record<string, Labels>> = { x: { team: "x" }, y: { team: "y", env: "b" } };
const PROBES = [
  ["TCP", 79],
  ["TCP", 80],
  ["TCP", 81],
  ["UDP", 80],
  ["SCTP", 9],
] as const;

/* The rules of the Kubernetes API, one connection at a time, as its documentation puts them. */

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      const isIn = value !== undefined && values.includes(value);
      return { In: isIn, NotIn: !isIn, Exists: value !== undefined, DoesNotExist: value === undefined }[operator];
    })
  );
}

function allows(
  direction: "ingress" | "egress",
  policies: readonly Policy[],
  from: Pod,
  to: Pod,
  protocol: string,
  port: number,
) {
  const [subject, other] = direction === "egress" ? [from, to] : [to, from];
  const type = direction === "egress" ? "Egress" : "Ingress";
  const isolating = policies.filter(({ namespace, spec }) => {
    const types = spec.policyTypes ?? ["Ingress", ...((spec.egress ?? []).length > 0 ? ["Egress"] : [])];
    return namespace === subject.namespace && selects(spec.podSelector, subject.labels) && types.includes(type);
  });
  return (
    isolating.length === 0 ||
    isolating.some(({ namespace, spec }) =>
      (spec[direction] ?? []).some(({ from: sources, to: destinations, ports = [] }) => {
        const peers = sources ?? destinations ?? [];
        const isPeer = ({ podSelector, namespaceSelector }: Peer) =>
          (namespaceSelector === undefined
            ? other.namespace === namespace
            : selects(namespaceSelector, NAMESPACES[other.namespace] ?? {})) &&
          (podSelector === undefined || selects(podSelector, other.labels));
        const isPort = ({ protocol: named = "TCP", port: first, endPort }: Port) => {
          // The pods' port of that name is a TCP port.
          const number = first === "http" ? (named === "TCP" ? to.http : Infinity) : first;
          return (
            named === protocol &&
            (number === undefined || (port >= Number(number) && port <= (endPort ?? Number(number))))
          );
        };
        return (peers.length === 0 || peers.some(isPeer)) && (ports.length === 0 || ports.some(isPort));
      }),
    )
  );
}

/* Small worlds in which much of that happens. */

const key = constantFrom("app", "team", "env");
const value = constantFrom("a", "b", "x", "y");
const labels = record({ app: value, env: value }, { requiredKeys: [] });
const selector = oneof(
  constant({}),
  record({ matchLabels: labels }),
  record({
    matchExpressions: array(
      oneof(
        record({ key, operator: constantFrom("In", "NotIn"), values: subarray(["a", "b", "x"], { minLength: 1 }) }),
        record({ key, operator: constantFrom("Exists", "DoesNotExist") }),
      ),
      { maxLength: 2 },
    ),
  }),
);
const peer = oneof(
  record({ podSelector: selector }),
  record({ namespaceSelector: selector }),
  record({ podSelector: selector, namespaceSelector: selector }),
);
const port = oneof(
  record({ protocol: constantFrom("TCP", "UDP", "SCTP") }, { requiredKeys: [] }),
  record(
    { protocol: constantFrom("TCP", "UDP"), port: constantFrom<number | string>(79, 80, "http") },
    { requiredKeys: ["port"] },
  ),
  record({ port: integer({ min: 78, max: 80 }), endPort: integer({ min: 80, max: 82 }) }),
);
const rule = (peers: "from" | "to") =>
  record({ [peers]: array(peer, { maxLength: 2 }), ports: array(port, { maxLength: 2 }) }, { requiredKeys: [] });
const spec = record(
  {
    podSelector: selector,
    policyTypes: subarray(["Ingress", "Egress"], { minLength: 1 }),
    ingress: array(rule("from"), { maxLength: 2 }),
    egress: array(rule("to"), { maxLength: 2 }),
  },
  { requiredKeys: ["podSelector"] },
);
const policy = record({ namespace: constantFrom("x", "y"), spec });
const pod = record({ namespace: constantFrom("x", "y"), labels, http: constantFrom(80, 81) });

function objectsOf(pods: readonly Pod[], policies: readonly Policy[]): readonly KubernetesObject[] {
  return [
    ...Object.entries(NAMESPACES).map(([name, own]) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: own },
    })),
    ...pods.map(({ namespace, labels: own, http }, index) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `p${index}`, namespace, labels: own },
      spec: { containers: [{ ports: [{ name: "http", containerPort: http }] }] },
    })),
    ...policies.map(({ namespace, spec: own }, index) => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: `n${index}`, namespace },
      spec: own as unknown as JsonObject,
    })),
  ];
}

test("The engine agrees with the rules of the Kubernetes API, applied to one connection after the other", () => {
  assert(
    property(array(pod, { minLength: 2, maxLength: 4 }), array(policy, { maxLength: 4 }), (pods, policies) => {
      const problems = new Problems();
      const sources = objectsOf(pods, policies as readonly Policy[]).map((object) => ({ object, locate: () => "" }));
      const pairs = new Map(
        connectivity(readCluster(sources, problems), { allowedOnly: false }).map((pair) => [
          `${pair.from} ${pair.to}`,
          pair.allowed,
        ]),
      );
      expect(problems.messages).toEqual([]);
      const name = (index: number) => `${pods[index]?.namespace ?? ""}/p${index}[Pod]`;
      for (const [from, source] of pods.entries()) {
        for (const [to, destination] of pods.entries()) {
          for (const [protocol, number] of from === to ? [] : PROBES) {
            const expected = (["egress", "ingress"] as const).every((direction) =>
              allows(direction, policies as readonly Policy[], source as Pod, destination as Pod, protocol, number),
            );
            const allowed = pairs.get(`${name(from)} ${name(to)}`);
            const ranges = allowed?.find((item) => item.protocol === protocol)?.ports ?? [];
            expect(ranges.some(([first, last]) => first <= number && number <= last)).toBe(expected);
          }
        }
      }
    }),
    { numRuns: 300, seed: 7 },
  );
});

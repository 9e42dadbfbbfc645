import { policy, problemsOf } from "./manifests";

/** Problems of a policy of namespace `x`, without their places. */
function wrong(spec: string): readonly string[] {
  return problemsOf(policy(spec)).map((problem) => problem.replace(/^a\.yaml:\d+:\d+: /, ""));
}

describe("Manifests", () => {
  test("that are no YAML are told with line and column", () => {
    expect(problemsOf("a: [1\nb: 2")).toEqual([expect.stringMatching(/^a\.yaml:2:1: broken YAML: /)]);
  });

  test("that are no Kubernetes objects are told, each where it begins", () => {
    expect(problemsOf("kind: Pod\n---\n- 1\n---\n# nothing\n")).toEqual([
      "a.yaml:1:1: no Kubernetes object: apiVersion, kind and metadata are needed",
      "a.yaml:3:1: no Kubernetes object: apiVersion, kind and metadata are needed",
    ]);
  });

  test("tell everything that is wrong, each at its place", () => {
    const text = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p}
spec:
  podselector: {}
  policyTypes: [Ingres]
  ingress:
    - from:
        - ipBlock: {cidr: 10.0.0.0}
`;
    expect(problemsOf(text)).toEqual([
      'a.yaml:5:16: spec.podselector: unknown field; allowed: podSelector, policyTypes, ingress, egress (did you mean "podSelector"?)',
      'a.yaml:6:17: spec.policyTypes[0]: unknown value "Ingres"; allowed: Ingress, Egress (did you mean "Ingress"?)',
      'a.yaml:9:27: spec.ingress[0].from[0].ipBlock.cidr: "10.0.0.0" is no address range; allowed: a CIDR such as 10.0.0.0/8',
    ]);
  });

  test.each([
    [
      "{ingress: [{from: [{}]}]}",
      "spec.ingress[0].from[0]: a peer needs a podSelector, a namespaceSelector or an ipBlock",
    ],
    [
      "{ingress: [{from: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]}",
      "spec.ingress[0].from[0]: ipBlock stands alone: no podSelector or namespaceSelector beside it",
    ],
    ["{ingress: [{to: [{podSelector: {}}]}]}", "spec.ingress[0].to: unknown field; allowed: from, ports"],
    [
      "{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/8]}}]}]}",
      'spec.ingress[0].from[0].ipBlock.except[0]: "11.0.0.0/8" is not within cidr "10.0.0.0/8"',
    ],
    [
      "{ingress: [{ports: [{port: 0}]}]}",
      "spec.ingress[0].ports[0].port: invalid value 0; allowed: a whole number from 1 to 65535",
    ],
    [
      '{ingress: [{ports: [{port: "80"}]}]}',
      'spec.ingress[0].ports[0].port: invalid value "80"; allowed: a number without quotes, or a port\'s name of 15 a-z, 0-9, -',
    ],
    ["{ingress: [{ports: [{port: 90, endPort: 80}]}]}", "spec.ingress[0].ports[0].endPort: 80 is less than port 90"],
    [
      "{ingress: [{ports: [{endPort: 80}]}]}",
      "spec.ingress[0].ports[0].endPort: the range has no start; allowed: beside a port's number",
    ],
    [
      "{ingress: [{ports: [{port: http, endPort: 80}]}]}",
      "spec.ingress[0].ports[0].endPort: a port's name has no range; allowed: beside a port's number",
    ],
    [
      "{ingress: [{ports: [{protocol: tcp}]}]}",
      'spec.ingress[0].ports[0].protocol: unknown value "tcp"; allowed: TCP, UDP, SCTP (did you mean "TCP"?)',
    ],
    [
      "{podSelector: {matchExpressions: [{key: a, operator: In}]}}",
      "spec.podSelector.matchExpressions[0].values: In needs one value at least",
    ],
    [
      "{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}",
      "spec.podSelector.matchExpressions[0].values: Exists takes no values",
    ],
    [
      "{podSelector: {matchExpressions: [{key: a}]}}",
      "spec.podSelector.matchExpressions[0]: operator is missing; allowed: In, NotIn, Exists, DoesNotExist",
    ],
    ["{podSelector: {matchLabels: {a: 1}}}", "spec.podSelector.matchLabels.a: invalid value 1; allowed: text"],
  ])("with %s are refused", (spec, problem) => {
    expect(wrong(spec)).toEqual([problem]);
  });
});

import { namespace, pod, podReach, policy, reach } from "./manifests";

const WORLD = [pod("x", "a"), pod("x", "b"), pod("y", "a"), namespace("y", { team: "y" })];

/** Who reaches x/a, and by what: `x/b: all`. */
function intoA(spec: string, ...more: readonly string[]): readonly string[] {
  return podReach(...WORLD, ...more, policy(spec))
    .filter((pair) => pair.includes("> x/a[Pod]:"))
    .map((pair) => pair.replace("[Pod] > x/a[Pod]", ""));
}

/** Whom x/a reaches. */
function outOfA(spec: string, ...more: readonly string[]): readonly string[] {
  return podReach(...WORLD, ...more, policy(spec))
    .filter((pair) => pair.startsWith("x/a[Pod] >"))
    .map((pair) => pair.replace("x/a[Pod] > ", "").replace("[Pod]", ""));
}

const ALL_IN = ["x/b: all", "y/a: all"];
const NONE_IN = ["x/b: none", "y/a: none"];

describe("A NetworkPolicy isolates", () => {
  test("nobody where there is none", () => {
    expect(podReach(...WORLD)).toEqual([
      "x/a[Pod] > x/b[Pod]: all",
      "x/a[Pod] > y/a[Pod]: all",
      "x/b[Pod] > x/a[Pod]: all",
      "x/b[Pod] > y/a[Pod]: all",
      "y/a[Pod] > x/a[Pod]: all",
      "y/a[Pod] > x/b[Pod]: all",
    ]);
  });

  test("all pods of its namespace for ingress alone, where it says no more", () => {
    expect(intoA("{podSelector: {}}")).toEqual(NONE_IN);
    expect(outOfA("{podSelector: {}}")).toEqual(["x/b: none", "y/a: all"]);
    expect(intoA("{}")).toEqual(NONE_IN);
  });

  test("for egress only with a rule for it, or by policyTypes", () => {
    expect(outOfA("{egress: []}")).toEqual(["x/b: none", "y/a: all"]);
    expect(outOfA("{podSelector: {matchLabels: {app: a}}, egress: [{to: [{podSelector: {}}]}]}")).toEqual([
      "x/b: all",
      "y/a: none",
    ]);
    expect(outOfA("{podSelector: {matchLabels: {app: a}}, policyTypes: [Egress]}")).toEqual(["x/b: none", "y/a: none"]);
  });

  test("for no direction that policyTypes leave out, whatever its rules say", () => {
    expect(intoA("{policyTypes: [Egress], ingress: [{from: [{podSelector: {}}]}]}")).toEqual(["x/b: none", "y/a: all"]);
  });

  test("the pods that all its labels and expressions select", () => {
    const shut = (selector: string) => intoA(`{podSelector: ${selector}}`)[1] === "y/a: none";
    expect(shut("{matchLabels: {app: a}}")).toBe(true);
    expect(shut("{matchLabels: {app: b}}")).toBe(false);
    expect(shut("{matchLabels: {app: a}, matchExpressions: [{key: tier, operator: Exists}]}")).toBe(false);
    expect(shut("{matchExpressions: [{key: app, operator: In, values: [a, c]}]}")).toBe(true);
    expect(shut("{matchExpressions: [{key: app, operator: NotIn, values: [a]}]}")).toBe(false);
    expect(shut("{matchExpressions: [{key: tier, operator: NotIn, values: [a]}]}")).toBe(true);
    expect(shut("{matchExpressions: [{key: tier, operator: DoesNotExist}]}")).toBe(true);
    expect(shut("{matchExpressions: [{key: tier, operator: Exists}]}")).toBe(false);
  });

  test("no pod on its node's network", () => {
    const host = pod("x", "host", { spec: { hostNetwork: true } });
    const pairs = podReach(
      ...WORLD,
      host,
      policy("{policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {}}]}]}"),
    );
    expect(pairs).toContain("y/a[Pod] > x/host[Pod]: all");
    // And as a peer it is not told from other traffic of the node.
    expect(pairs).toContain("x/host[Pod] > x/a[Pod]: none");
  });
});

describe("A peer of a rule is", () => {
  test.each([
    ["everybody, where from is absent, empty or null", "[{}]", ALL_IN],
    ["everybody, where from is empty", "[{from: []}]", ALL_IN],
    ["everybody, where from is null", "[{from: }]", ALL_IN],
    ["nobody, where there is no rule", "[]", NONE_IN],
    [
      "a pod of the policy's namespace",
      "[{from: [{podSelector: {matchLabels: {app: b}}}]}]",
      ["x/b: all", "y/a: none"],
    ],
    ["any pod of a namespace", "[{from: [{namespaceSelector: {matchLabels: {team: y}}}]}]", ["x/b: none", "y/a: all"]],
    ["any pod at all", "[{from: [{namespaceSelector: {}}]}]", ALL_IN],
    [
      "a pod and a namespace at once",
      "[{from: [{namespaceSelector: {matchLabels: {team: y}}, podSelector: {matchLabels: {app: b}}}]}]",
      NONE_IN,
    ],
    [
      "a pod or a namespace, as two peers",
      "[{from: [{namespaceSelector: {matchLabels: {team: y}}}, {podSelector: {matchLabels: {app: b}}}]}]",
      ALL_IN,
    ],
    [
      "told by the namespace's name",
      "[{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: x}}}]}]",
      ["x/b: all", "y/a: none"],
    ],
    [
      "of a namespace without a label",
      "[{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}]}]",
      ["x/b: all", "y/a: none"],
    ],
  ])("%s", (_, ingress, expected) => {
    expect(intoA(`{podSelector: {}, ingress: ${ingress}}`)).toEqual(expected);
  });

  test("of egress the pod that is connected to", () => {
    expect(
      outOfA(
        "{podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {team: y}}}]}]}",
      ),
    ).toEqual(["x/b: none", "y/a: all"]);
  });
});

describe("Ports of a rule are", () => {
  const fromAll = (ports: string, ...more: readonly string[]) =>
    intoA(`{podSelector: {}, ingress: [{ports: ${ports}}]}`, ...more)[0]?.replace("x/b: ", "");

  test.each([
    ["[]", "all"],
    ["[{port: 80}]", "TCP 80"],
    ["[{port: 53, protocol: UDP}]", "UDP 53"],
    ["[{protocol: SCTP}]", "SCTP"],
    ["[{}]", "TCP"],
    ["[{port: 80, endPort: 90}]", "TCP 80-90"],
    ["[{port: 80}, {port: 81}, {port: 90}, {port: 80, protocol: UDP}]", "TCP 80-81,90; UDP 80"],
    ["[{port: http}]", "TCP 80"],
    ["[{port: http, protocol: UDP}]", "none"],
    ["[{port: other}]", "none"],
  ])("%s: %s", (ports, expected) => {
    expect(fromAll(ports)).toBe(expected);
  });

  test("by name what each pod that is connected to calls so", () => {
    const alt = pod("y", "alt", {
      spec: { containers: [{ name: "c", ports: [{ name: "http", containerPort: 8080 }] }] },
    });
    expect(
      outOfA("{podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{ports: [{port: http}]}]}", alt),
    ).toEqual(["x/b: TCP 80", "y/a: TCP 80", "y/alt: TCP 8080"]);
  });

  test("never a name at an address outside of the cluster", () => {
    expect(reach(pod("x", "a"), policy("{policyTypes: [Egress], egress: [{ports: [{port: http}]}]}"))).toContain(
      "x/a[Pod] > 0.0.0.0-255.255.255.255: none",
    );
  });
});

describe("Policies add up", () => {
  test("what one of them lets through is let through", () => {
    const pairs = podReach(
      ...WORLD,
      policy("{podSelector: {}}", "deny"),
      policy("{podSelector: {matchLabels: {app: a}}, ingress: [{ports: [{port: 80}]}]}", "http"),
      policy(
        "{podSelector: {matchLabels: {app: a}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 443}]}]}",
        "https",
      ),
    );
    expect(pairs).toContain("x/b[Pod] > x/a[Pod]: TCP 80,443");
    expect(pairs).toContain("y/a[Pod] > x/a[Pod]: TCP 80");
    expect(pairs).toContain("y/a[Pod] > x/b[Pod]: none");
  });

  test("and both ends must let it through", () => {
    const egress =
      "{podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{ports: [{port: 80, endPort: 100}]}]}";
    const ingress = "{podSelector: {matchLabels: {app: b}}, ingress: [{ports: [{port: 90, endPort: 110}]}]}";
    expect(podReach(...WORLD, policy(egress, "out"), policy(ingress, "in"))).toContain(
      "x/a[Pod] > x/b[Pod]: TCP 90-100",
    );
  });
});

describe("Addresses", () => {
  test("are the pieces between all blocks and exceptions", () => {
    const spec =
      "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 80}]}]}";
    expect(reach(pod("x", "a"), policy(spec)).filter((pair) => pair.endsWith("80") || pair.endsWith("none"))).toEqual([
      "0.0.0.0-9.255.255.255 > x/a[Pod]: none",
      "10.0.0.0-10.0.255.255 > x/a[Pod]: TCP 80",
      "10.1.0.0-10.1.255.255 > x/a[Pod]: none",
      "10.2.0.0-10.255.255.255 > x/a[Pod]: TCP 80",
      "11.0.0.0-255.255.255.255 > x/a[Pod]: none",
    ]);
  });

  test("are no pods', unless a pod's own is known", () => {
    const block = "{podSelector: {matchLabels: {app: a}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}";
    const known = pod("y", "known", { status: { podIP: "10.2.3.4" } });
    expect(intoA(block, known)).toEqual(["x/b: none", "y/a: none", "y/known: all"]);
  });

  test("of IPv6 match nothing here", () => {
    expect(reach(pod("x", "a"), policy('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "::/0"}}]}]}'))).toContain(
      "0.0.0.0-255.255.255.255 > x/a[Pod]: none",
    );
  });
});

describe("Workloads", () => {
  const template = "template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}";

  test.each([
    "Deployment",
    "ReplicaSet",
    "StatefulSet",
    "DaemonSet",
    "Job",
    "ReplicationController",
    "DeploymentConfig",
  ])("are the pods of a %s", (kind) => {
    const workload = `{apiVersion: apps/v1, kind: ${kind}, metadata: {name: web, namespace: x}, spec: {${template}}}`;
    expect(podReach(workload, pod("x", "a"))).toContain(`x/a[Pod] > x/web[${kind}]: all`);
  });

  test("are the pods of a CronJob, and of a list", () => {
    const job = `{apiVersion: batch/v1, kind: CronJob, metadata: {name: web}, spec: {jobTemplate: {spec: {${template}}}}}`;
    expect(podReach(`{apiVersion: v1, kind: List, items: [${job}, ${pod("x", "a")}]}`)).toEqual([
      "default/web[CronJob] > x/a[Pod]: all",
      "x/a[Pod] > default/web[CronJob]: all",
    ]);
  });

  test("stand for the pods that they made", () => {
    const owned = (name: string, labels: object) =>
      JSON.stringify({
        ...(JSON.parse(pod("x", name)) as object),
        metadata: {
          name,
          namespace: "x",
          labels,
          ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-1", controller: true }],
        },
      });
    const alike = [owned("p1", { app: "web" }), owned("p2", { app: "web" })];
    expect(podReach(...alike, pod("x", "a"))).toEqual([
      "x/a[Pod] > x/web-1[ReplicaSet]: all",
      "x/web-1[ReplicaSet] > x/a[Pod]: all",
    ]);
    const unlike = [owned("p1", { app: "web" }), owned("p2", { app: "api" })];
    expect(podReach(...unlike)).toEqual(["x/p1[Pod] > x/p2[Pod]: all", "x/p2[Pod] > x/p1[Pod]: all"]);
  });
});

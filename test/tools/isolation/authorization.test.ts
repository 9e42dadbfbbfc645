import { namespace, pod, podReach, reach } from "./manifests";

const INJECTED = { "istio-injection": "enabled" };

/** Namespace `x` with the pod a and namespace `y` with the pod b, both in the mesh, and the pod p of `z`, which is not. */
const MESH = [
  namespace("x", INJECTED),
  namespace("y", INJECTED),
  pod("x", "a"),
  pod("y", "b", { spec: { serviceAccountName: "caller" } }),
  pod("z", "p"),
];

const STRICT = authentication("istio-system", "STRICT");

function authentication(where: string, mode: string, more = ""): string {
  return `{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: d, namespace: ${where}}, spec: {mtls: {mode: ${mode}}${more}}}`;
}

/** An AuthorizationPolicy of namespace `x`. */
function rules(spec: string, where = "x", name = "p"): string {
  return `{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: ${name}, namespace: ${where}}, spec: ${spec}}`;
}

const PAST_THE_SIDECAR = "TCP 15020-15021,15090; UDP; SCTP";

/** What y/b, which is in the mesh, and z/p, which is not, reach x/a by. */
function intoA(...objects: readonly string[]): { readonly meshed: string; readonly plain: string } {
  const pairs = podReach(...MESH, ...objects);
  const of = (from: string) =>
    pairs
      .find((pair) => pair.startsWith(`${from}[Pod] > x/a[Pod]`))
      ?.split(": ")[1]
      ?.replace(PAST_THE_SIDECAR, "none") ?? "";
  return { meshed: of("y/b"), plain: of("z/p") };
}

describe("A sidecar", () => {
  test("takes over nothing but TCP, and not its own ports", () => {
    expect(podReach(...MESH, rules("{}"))).toContain(`y/b[Pod] > x/a[Pod]: ${PAST_THE_SIDECAR}`);
  });

  test.each([
    ["the namespace's label", INJECTED, {}, {}, true],
    ["a revision", { "istio.io/rev": "1-31" }, {}, {}, true],
    ["the pod's label", {}, { "sidecar.istio.io/inject": "true" }, {}, true],
    ["nothing, where the pod refuses", INJECTED, { "sidecar.istio.io/inject": "false" }, {}, false],
    [
      "nothing, where the namespace forbids",
      { "istio-injection": "disabled" },
      { "sidecar.istio.io/inject": "true" },
      {},
      false,
    ],
    ["nothing on the node's network", INJECTED, {}, { hostNetwork: true }, false],
  ])("is there by %s", (_, labels, podLabels, spec, expected) => {
    const pairs = podReach(
      namespace("x", labels),
      pod("x", "a", { labels: podLabels, spec }),
      pod("z", "p"),
      rules("{}"),
    );
    expect(pairs.includes(`z/p[Pod] > x/a[Pod]: ${PAST_THE_SIDECAR}`)).toBe(expected);
  });

  test("leaves out the ports that an annotation names", () => {
    const annotated = JSON.stringify({
      ...(JSON.parse(pod("x", "a")) as object),
      metadata: { name: "a", namespace: "x", annotations: { "traffic.sidecar.istio.io/excludeInboundPorts": "9000" } },
    });
    expect(podReach(namespace("x", INJECTED), annotated, pod("z", "p"), rules("{}"))).toContain(
      "z/p[Pod] > x/a[Pod]: TCP 9000,15020-15021,15090; UDP; SCTP",
    );
  });
});

describe("PeerAuthentication", () => {
  test("lets plaintext in unless it is STRICT", () => {
    expect(intoA()).toEqual({ meshed: "all", plain: "all" });
    expect(intoA(STRICT)).toEqual({ meshed: "all", plain: "none" });
  });

  test("of the workload beats the namespace's, which beats the mesh's", () => {
    const workload = `{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: w, namespace: x}, spec: {selector: {matchLabels: {app: a}}, mtls: {mode: STRICT}}}`;
    expect(intoA(STRICT, authentication("x", "PERMISSIVE")).plain).toBe("all");
    expect(intoA(STRICT, authentication("x", "PERMISSIVE"), workload).plain).toBe("none");
    expect(intoA(STRICT, authentication("x", "UNSET")).plain).toBe("none");
  });

  test("of a port counts where the policy selects pods", () => {
    const port = `{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: w, namespace: x}, spec: {selector: {matchLabels: {app: a}}, portLevelMtls: {8080: {mode: PERMISSIVE}}}}`;
    expect(podReach(...MESH, STRICT, port)).toContain("z/p[Pod] > x/a[Pod]: TCP 8080,15020-15021,15090; UDP; SCTP");
  });
});

describe("The order of actions", () => {
  const everything = "rules: [{}]";

  test("is DENY before ALLOW, and nothing without an ALLOW that asks", () => {
    expect(intoA(rules(`{action: ALLOW, ${everything}}`)).meshed).toBe("all");
    expect(
      intoA(rules(`{action: ALLOW, ${everything}}`), rules(`{action: DENY, ${everything}}`, "x", "deny")).meshed,
    ).toBe("none");
    expect(intoA(rules(`{action: ALLOW, rules: [{from: [{source: {namespaces: [q]}}]}]}`)).meshed).toBe("none");
  });

  test("leaves AUDIT out, and takes the answer of CUSTOM as yes", () => {
    expect(intoA(rules(`{action: AUDIT, ${everything}}`)).meshed).toBe("all");
    const custom = rules(`{action: CUSTOM, provider: {name: ext}, ${everything}}`);
    expect(intoA(custom).meshed).toBe("all");
    expect(intoA(custom, rules(`{action: DENY, ${everything}}`, "x", "deny")).meshed).toBe("none");
  });

  test("counts the root namespace in: its ALLOW widens every namespace, its DENY nobody overrides", () => {
    const own = rules("{action: ALLOW, rules: [{from: [{source: {namespaces: [x]}}]}]}");
    expect(intoA(own).meshed).toBe("none");
    expect(intoA(own, rules(`{action: ALLOW, ${everything}}`, "istio-system")).meshed).toBe("all");
    expect(
      intoA(rules(`{action: ALLOW, ${everything}}`), rules(`{action: DENY, ${everything}}`, "istio-system")).meshed,
    ).toBe("none");
  });

  test("does not count a rehearsal", () => {
    const rehearsal = rules(`{action: DENY, ${everything}}`).replace(
      "name: p,",
      'name: p, annotations: {istio.io/dry-run: "true"},',
    );
    expect(intoA(rehearsal).meshed).toBe("all");
  });
});

describe("Empty shapes", () => {
  test.each([
    ["{}", "none"],
    ["{action: ALLOW, rules: []}", "none"],
    ["{action: ALLOW, rules: [{}]}", "all"],
    ["{action: DENY}", "all"],
    ["{action: DENY, rules: [{}]}", "none"],
    ["{action: DENY, rules: [{from: []}]}", "none"],
  ])("%s: %s", (spec, expected) => {
    expect(intoA(rules(spec)).meshed).toBe(expected);
  });
});

describe("Sources", () => {
  const allow = (source: string) =>
    intoA(rules(`{action: ALLOW, rules: [{from: [{source: ${source}}]}]}`), STRICT).meshed;

  test.each([
    ["{namespaces: [y]}", "all"],
    ['{namespaces: ["y*"]}', "all"],
    ["{namespaces: [x]}", "none"],
    ["{notNamespaces: [y]}", "none"],
    ["{principals: [cluster.local/ns/y/sa/caller]}", "all"],
    ['{principals: ["*/sa/caller"]}', "all"],
    ["{principals: [cluster.local/ns/y/sa/other]}", "none"],
    ['{principals: ["*"]}', "all"],
    ["{serviceAccounts: [y/caller]}", "all"],
    // Without a namespace it is the policy's own.
    ["{serviceAccounts: [caller]}", "none"],
    ["{namespaces: [y], notPrincipals: [cluster.local/ns/y/sa/caller]}", "none"],
  ])("%s: %s", (source, expected) => {
    expect(allow(source)).toBe(expected);
  });

  test("positive in a DENY miss plaintext, which a pod of the mesh can send as well", () => {
    const deny = rules("{action: DENY, rules: [{from: [{source: {namespaces: [y]}}]}]}");
    expect(intoA(deny)).toEqual({ meshed: "all", plain: "all" });
    expect(intoA(deny, STRICT)).toEqual({ meshed: "none", plain: "none" });
  });

  test("negative in a DENY match plaintext", () => {
    expect(intoA(rules("{action: DENY, rules: [{from: [{source: {notNamespaces: [y]}}]}]}"))).toEqual({
      meshed: "all",
      plain: "none",
    });
    expect(intoA(rules('{action: DENY, rules: [{from: [{source: {notPrincipals: ["*"]}}]}]}'))).toEqual({
      meshed: "all",
      plain: "none",
    });
  });

  test("negative in an ALLOW let plaintext in", () => {
    expect(intoA(rules("{action: ALLOW, rules: [{from: [{source: {notNamespaces: [q]}}]}]}")).plain).toBe("all");
  });

  test("as two rules, by a dash too many, are one or the other", () => {
    const rule = "{from: [{source: {namespaces: [q]}}]}";
    const to = '{to: [{operation: {ports: ["8080"]}}]}';
    expect(intoA(rules(`{action: ALLOW, rules: [${rule}, ${to}]}`)).plain).toBe(
      "TCP 8080,15020-15021,15090; UDP; SCTP",
    );
    expect(
      intoA(
        rules(`{action: ALLOW, rules: [{from: [{source: {namespaces: [q]}}], to: [{operation: {ports: ["8080"]}}]}]}`),
      ).plain,
    ).toBe("none");
  });

  test("by address tell what comes from outside", () => {
    const pairs = reach(...MESH, rules("{action: DENY, rules: [{from: [{source: {notIpBlocks: [10.0.0.0/8]}}]}]}"));
    expect(pairs).toContain("10.0.0.0-10.255.255.255 > x/a[Pod]: all");
    expect(pairs).toContain(`11.0.0.0-255.255.255.255 > x/a[Pod]: ${PAST_THE_SIDECAR}`);
  });
});

describe("Conditions of HTTP", () => {
  const service = (port: string) =>
    `{apiVersion: v1, kind: Service, metadata: {name: s, namespace: x}, spec: {selector: {app: a}, ports: [{port: 80, ${port}}]}}`;
  const allowGet = rules('{action: ALLOW, rules: [{to: [{operation: {methods: ["GET"]}}]}]}');
  const denyGet = rules('{action: DENY, rules: [{to: [{operation: {methods: ["GET"]}}]}]}');

  test("may match in an ALLOW, and need not in a DENY", () => {
    expect(intoA(allowGet).meshed).toBe("all");
    expect(intoA(denyGet).meshed).toBe("all");
  });

  test("on a TCP port void an ALLOW rule, and leave of a DENY rule the rest: here, all", () => {
    expect(intoA(allowGet, service("name: tcp-db")).meshed).toBe("TCP 1-79,81-65535; UDP; SCTP");
    expect(intoA(denyGet, service("appProtocol: tcp")).meshed).toBe("TCP 1-79,81-65535; UDP; SCTP");
    expect(intoA(allowGet, service("name: http")).meshed).toBe("all");
  });
});

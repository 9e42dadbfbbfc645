import type { JsonObject } from "../../../tools/manifests/json";
import { messages, ROWS, TestFleet } from "./fleet";

const fleet = new TestFleet(ROWS);

/** The resource with a text replaced wherever it stands in it. */
function replaced(from: string, to: string): (body: JsonObject) => JsonObject {
  return (body) => JSON.parse(JSON.stringify(body).replaceAll(from, to)) as JsonObject;
}

describe("A tenant's IAM role", () => {
  const policy = (change: (body: JsonObject) => JsonObject | undefined) =>
    fleet.judgeResource("aws_iam_role_policy", "tenant-acme_identity_database", change);

  test("that may log in as another tenant's user is named with the pair that IAM no longer stops", () => {
    const judgement = policy(replaced("/tenant_acme", "/tenant_bravo"));
    expect(judgement.pairs.exceptions).toEqual([
      expect.objectContaining({ from: "acme", to: "bravo", missing: ["IAM"] }),
    ]);
    expect(messages(judgement)).toEqual([
      "IAM does not keep it apart from 1 of 3 other tenants (to bravo)",
      "IAM: no statement allows rds-db:connect as the tenant's own database user",
    ]);
  });

  test.each([
    ["any user", "/tenant_*"],
    ["any user of any database", "/*"],
  ])("that may log in as %s stops no pair", (_, user) => {
    const judgement = policy(replaced("/tenant_acme", user));
    expect(messages(judgement)).toEqual(["IAM does not keep it apart from any other tenant"]);
    expect(judgement.pairs.exceptions).toHaveLength(3);
  });

  test("that may do more than log in is found out", () => {
    expect(messages(policy(replaced("rds-db:connect", "*")))).toEqual([
      "IAM: the tenant's role is allowed *; expected: rds-db:connect alone",
    ]);
    expect(messages(policy(replaced('\\"Resource\\"', '\\"NotResource\\"')))).toEqual([
      "IAM does not keep it apart from any other tenant",
      "IAM: a statement of the tenant's role allows all but what it names; expected: what it names",
    ]);
  });

  test("that has lost its policy lets the tenant log in no more", () => {
    expect(messages(policy(() => undefined))).toEqual([
      "IAM: no statement allows rds-db:connect as the tenant's own database user",
    ]);
  });

  test.each(["aws:RequestTag/kubernetes-namespace", "aws:RequestTag/eks-cluster-name", "pods.eks.amazonaws.com"])(
    "that is trusted without %s is found out",
    (part) => {
      const judgement = fleet.judgeResource("aws_iam_role", "tenant-acme_identity", replaced(part, "other"));
      expect(messages(judgement)).toEqual([
        expect.stringMatching(/^IAM: the role's trust does not ask for aws:RequestTag\/eks-cluster-name and for /),
      ]);
    },
  );

  test("that another tenant's pods are given lets them log in as its tenant", () => {
    const judgement = fleet.judgeResource(
      "aws_eks_pod_identity_association",
      "tenant-acme_identity_task-service",
      replaced('"tenant-acme"', '"tenant-bravo"'),
    );
    expect(judgement.pairs.exceptions).toEqual([
      expect.objectContaining({ from: "bravo", to: "acme", missing: ["IAM"] }),
    ]);
  });

  test("that is not in the output is found out", () => {
    const judgement = fleet.judgeResource("aws_iam_role", "tenant-acme_identity", () => undefined);
    expect(messages(judgement)).toContain(
      "IAM: a Pod Identity association's role is not in the output, so nobody knows what it may do",
    );
  });
});

describe("What the database function is asked for", () => {
  const invocation = (change: (body: JsonObject) => JsonObject | undefined) =>
    fleet.judgeResource("aws_lambda_invocation", "tenant-acme_database", change);

  test.each(["id", "role", "schema"])("must bear the tenant's own %s", (key) => {
    const own = key === "id" ? "acme" : "tenant_acme";
    const other = key === "id" ? "bravo" : "tenant_bravo";
    const judgement = invocation(replaced(`\\"${key}\\":\\"${own}\\"`, `\\"${key}\\":\\"${other}\\"`));
    expect(messages(judgement)).toContain(
      `database: the function is asked for ${key} "${other}"; expected: the tenant's own`,
    );
  });

  test("makes two tenants share grants where both bear one role", () => {
    const judgement = invocation(replaced("tenant_acme", "tenant_bravo"));
    expect(judgement.pairs.exceptions.map(({ from, to, missing }) => `${from} ${to} ${missing.join()}`)).toEqual([
      "acme bravo database grants",
      "bravo acme IAM,database grants",
    ]);
  });

  test("must be asked once, and undone when the tenant goes", () => {
    expect(messages(invocation(() => undefined))).toContain(
      "database: 0 invocations of the tenant-database function; expected: one",
    );
    expect(messages(invocation(replaced("CRUD", "CREATE_ONLY")))).toEqual([
      "database: lifecycle_scope is not CRUD: a tenant that goes would keep its login",
    ]);
  });
});

describe("A label of a tenant's namespace", () => {
  const namespace = fleet.manifests.find(
    ({ object }) => object.kind === "Namespace" && object.metadata.name === "tenant-acme",
  );
  const labels = Object.keys(namespace?.object.metadata.labels ?? {});

  test.each(labels)("%s is noticed when it is removed or changed", (label) => {
    if (namespace === undefined) {
      throw new Error("no namespace of acme");
    }
    const { object } = namespace;
    const own = object.metadata.labels ?? {};
    const others = Object.fromEntries(Object.entries(own).filter(([name]) => name !== label));
    for (const changed of [others, { ...others, [label]: "bravo" }]) {
      const judgement = fleet.judgeChanged(namespace, { ...object, metadata: { ...object.metadata, labels: changed } });
      expect(messages(judgement)).toContainEqual(expect.stringContaining(`namespace label ${label} is `));
    }
  });

  test("that keeps sidecars out takes two layers from every pair of the tenant", () => {
    if (namespace === undefined) {
      throw new Error("no namespace of acme");
    }
    const { object } = namespace;
    const changed = { ...object.metadata.labels, "istio-injection": "disabled" };
    const { pairs } = fleet.judgeChanged(namespace, { ...object, metadata: { ...object.metadata, labels: changed } });
    expect(pairs.exceptions.filter(({ to }) => to === "acme").map(({ missing }) => missing)).toEqual(
      Array.from({ length: 3 }, () => ["AuthorizationPolicy DENY", "AuthorizationPolicy ALLOW"]),
    );
  });
});

describe("What the VPC CNI needs", () => {
  const cni = (from: string, to: string) =>
    messages(fleet.judgeResource("aws_eks_addon", "cluster_vpc-cni", replaced(from, to)));

  test("is that enforcement is switched on", () => {
    expect(cni('\\"enableNetworkPolicy\\":\\"true\\"', '\\"enableNetworkPolicy\\":\\"false\\"')).toEqual([
      "add-on vpc-cni: enableNetworkPolicy is false: every NetworkPolicy is accepted and none enforced",
    ]);
    expect(cni('"vpc-cni"', '"other"')).toEqual(["the output has no add-on vpc-cni: nothing enforces NetworkPolicies"]);
  });

  test("is an enforcing mode that it knows", () => {
    expect(
      cni('\\"NETWORK_POLICY_ENFORCING_MODE\\":\\"standard\\"', '\\"NETWORK_POLICY_ENFORCING_MODE\\":\\"lax\\"'),
    ).toEqual(['add-on vpc-cni: NETWORK_POLICY_ENFORCING_MODE is "lax"; allowed: standard, strict']);
  });

  test("is one hop to the instance's metadata", () => {
    expect(
      messages(
        fleet.judgeResource(
          "aws_launch_template",
          "cluster_nodes_enterprise",
          replaced('"http_put_response_hop_limit":1', '"http_put_response_hop_limit":2'),
        ),
      ),
    ).toEqual([expect.stringMatching(/hop limit 2, tokens required; expected: 1, required/)]);
  });

  test.each([
    ["port leads to another number", { port: 80, targetPort: 8080 }, "port 80 leads to 8080"],
    ["port leads to a name", { port: 8080, targetPort: "http" }, 'port 8080 leads to the port named "http"'],
  ])("is a Service whose %s is a finding", (_, port, message) => {
    const service = fleet.manifests.find(
      ({ object }) => object.kind === "Service" && object.metadata.namespace === "tenant-acme",
    );
    if (service === undefined) {
      throw new Error("no Service of acme");
    }
    const object = { ...service.object, spec: { ...(service.object["spec"] as JsonObject), ports: [port] } };
    expect(messages(fleet.judgeChanged(service, object))).toEqual([
      `Service ${object.metadata.name ?? ""}: ${message}; the VPC CNI needs both equal, and a number`,
    ]);
  });

  test("is a policy without names of ports, and peers as wide as Services", () => {
    const policy = fleet.manifests.find(
      ({ object }) => object.metadata.namespace === "tenant-acme" && object.metadata.name === "allow-within-tenant",
    );
    if (policy === undefined) {
      throw new Error("no policy of acme");
    }
    const to = [{ podSelector: { matchLabels: { "taskflow.io/service": "task-service", version: "v1" } } }];
    const spec = { podSelector: {}, policyTypes: ["Egress"], egress: [{ to, ports: [{ port: "http" }] }] };
    expect(messages(fleet.judgeChanged(policy, { ...policy.object, spec }))).toEqual(
      expect.arrayContaining([
        'NetworkPolicy allow-within-tenant: port "http" is a name, which the VPC CNI can skip; expected: a number',
        expect.stringMatching(
          /^NetworkPolicy allow-within-tenant: a peer's podSelector is narrower than the selector of Service task-service/,
        ),
      ]),
    );
  });
});

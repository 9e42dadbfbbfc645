import type { TenantRow } from "../../../tenancy";
import type { JsonObject } from "../../../tools/manifests/json";
import type { ExportedManifest } from "../../../tools/manifests/object";
import type { Region } from "../../../tools/manifests/output";
import { inTwoRegions } from "../../support/regions";
import { messages, ROWS as SHARED, TestFleet } from "./fleet";
import { mutationsOf } from "./mutations";

const ROWS: readonly TenantRow[] = [
  ...SHARED,
  { id: "tokyo", name: "Tokyo", tier: "standard", region: "ap-northeast-1" },
  { id: "virginia", name: "Virginia", tier: "standard", region: "us-east-1" },
];
const FREE = SHARED.map(({ id }) => id);

const fleetIn = (role: "standby" | "serving", region: Region): TestFleet =>
  new TestFleet(ROWS, inTwoRegions(role, { own: true }), region);

const tokyo = fleetIn("standby", "primary");
const virginia = fleetIn("standby", "secondary");
const promoted = fleetIn("serving", "secondary");

/** The resource with a text replaced wherever it stands in it. */
function replaced(from: string, to: string): (body: JsonObject) => JsonObject {
  return (body) => JSON.parse(JSON.stringify(body).replaceAll(from, to)) as JsonObject;
}

function policyOf({ manifests }: TestFleet, name: string): ExportedManifest {
  const found = manifests.find(({ object }) => object.kind === "NetworkPolicy" && object.metadata.name === name);
  if (found === undefined) {
    throw new Error(`no policy ${name}`);
  }
  return found;
}

/** What is found with a part of a policy's spec changed. */
function withSpec(fleet: TestFleet, name: string, spec: JsonObject): readonly string[] {
  const policy = policyOf(fleet, name);
  const own = policy.object["spec"] as JsonObject;
  return messages(fleet.judgeChanged(policy, { ...policy.object, spec: { ...own, ...spec } }));
}

describe("A fleet in two regions", () => {
  test.each([
    ["the primary of a standby", tokyo, [...FREE, "tokyo"]],
    ["a standby", virginia, [...FREE, "virginia"]],
    ["a region that serves", promoted, [...FREE, "virginia"]],
    ["the primary that is fenced", fleetIn("serving", "primary"), [...FREE, "tokyo"]],
  ])("has no findings in %s, of that region's tenants alone", (_, fleet, tenants) => {
    const judgement = fleet.judge();
    expect(messages(judgement)).toEqual([]);
    expect(judgement.tenants).toEqual(tenants);
    expect(judgement.pairs.exceptions).toEqual([]);
  });
});

describe.each([
  ["Tokyo", tokyo],
  ["Virginia", virginia],
])("The way between the regions, in %s,", (_, fleet) => {
  const anywhere = { ipBlock: { cidr: "0.0.0.0/0" } };

  test.each(["allow-other-region", "allow-east-west-load-balancer", "allow-load-balancer", "allow-services"])(
    "stands on policy %s, which cannot be lost, widened, narrowed or moved",
    (name) => {
      const policy = policyOf(fleet, name);
      const mutations = mutationsOf(policy.object);
      const unnoticed = mutations.filter(({ object }) => fleet.judgeChanged(policy, object).findings.length === 0);
      expect(mutations.length).toBeGreaterThan(5);
      expect(unnoticed.map((mutation) => mutation.name)).toEqual([]);
    },
  );

  test("leads from the ingress gateway to the other region, and not to the Internet", () => {
    const egress = [{ to: [anywhere], ports: [{ port: 15_443, protocol: "TCP" }] }];
    expect(withSpec(fleet, "allow-other-region", { egress })).toContainEqual(
      expect.stringMatching(
        /^NetworkPolicy egress of istio-ingress\/istio-ingressgateway lets through, .* TCP 15443 to .*Internet/,
      ),
    );
  });

  test("is the ingress gateway's alone", () => {
    expect(withSpec(fleet, "allow-other-region", { podSelector: {} })).toContainEqual(
      expect.stringMatching(/^NetworkPolicy egress of istio-ingress\/istio-eastwestgateway lets through, .* TCP 15443/),
    );
  });

  test("ends at the east-west gateway, which its load balancer alone may call", () => {
    const open = { ingress: [{ from: [anywhere], ports: [{ port: 15_443, protocol: "TCP" }] }] };
    expect(withSpec(fleet, "allow-east-west-load-balancer", open)).toContainEqual(
      expect.stringMatching(
        /^NetworkPolicy ingress of istio-ingress\/istio-eastwestgateway lets through, .* TCP 15443 from .*Internet/,
      ),
    );
  });
});

describe("The role of a tenant that stands in both regions", () => {
  const sides = [
    ["Tokyo", tokyo],
    ["Virginia", virginia],
  ] as const;
  const clusters = '\\"taskflow-eks-dr\\"';

  test.each(sides)("is trusted by the two clusters, seen from %s", (_, fleet) => {
    const trust = (from: string, to: string) =>
      messages(fleet.judgeResource("aws_iam_role", "tenant-acme_identity", replaced(from, to), "primary"));
    expect(trust(clusters, `${clusters},\\"other\\"`)).toEqual([
      "IAM: the role's trust is for clusters other, taskflow-eks, taskflow-eks-dr; expected: those with its pods, taskflow-eks, taskflow-eks-dr",
    ]);
    expect(trust(`,${clusters}`, "")).toEqual([expect.stringMatching(/trust is for clusters taskflow-eks; expected/)]);
    expect(trust("kubernetes-namespace", "other")).toEqual([expect.stringMatching(/trust does not ask for/)]);
  });

  test.each(sides)("logs in as its own user at any proxy of the other region, seen from %s", (_, fleet) => {
    const users = (from: string, to: string) =>
      fleet.judgeResource("aws_iam_role_policy", "tenant-acme_identity", replaced(from, to), "primary");
    expect(messages(users("dbuser:*/tenant_acme", "dbuser:*/*"))).toEqual([
      "IAM does not keep it apart from any other tenant",
    ]);
    expect(users("dbuser:*/tenant_acme", "dbuser:*/tenant_bravo").pairs.exceptions).toEqual([
      expect.objectContaining({ from: "acme", to: "bravo", missing: ["IAM"] }),
    ]);
  });

  test("is found by its name from the second region, or nobody knows what it may do", () => {
    const named = replaced("taskflow-tenant-acme", "taskflow-tenant-other");
    expect(messages(virginia.judgeResource("aws_iam_role", "tenant-acme_identity", named, "primary"))).toEqual([
      "IAM: a Pod Identity association's role is not in the output, so nobody knows what it may do",
      "IAM: no statement allows rds-db:connect as the tenant's own database user",
    ]);
  });
});

test("The role of a tenant that stands in one region is trusted by that region's cluster alone", () => {
  const both = replaced('\\"${local.cluster_name}\\"', '[\\"${local.cluster_name}\\",\\"taskflow-eks\\"]');
  expect(messages(virginia.judgeResource("aws_iam_role", "tenant-virginia_identity", both))).toEqual([
    expect.stringMatching(/trust is for clusters taskflow-eks, taskflow-eks-dr; expected: .*, taskflow-eks-dr$/),
  ]);
});

describe("The database of a second region", () => {
  const DATABASE = "tenant-acme_database";

  test("has its roles from the primary's while it is a replica, and no tenant's pods", () => {
    const lost = () => undefined;
    expect(messages(virginia.judgeResource("aws_lambda_invocation", DATABASE, lost, "primary"))).toContain(
      "database: 0 invocations of the tenant-database function; expected: one",
    );
    const namespace = virginia.manifests.find(
      ({ object }) => object.kind === "Namespace" && object.metadata.name === "tenant-acme",
    );
    if (namespace === undefined) {
      throw new Error("no namespace of acme");
    }
    const active = JSON.parse(
      JSON.stringify(namespace.object).replace("suspended", "active"),
    ) as typeof namespace.object;
    expect(messages(virginia.judgeChanged(namespace, active))).toEqual([
      expect.stringMatching(/^namespace label taskflow.io\/state is "active"; expected: "suspended"/),
    ]);
  });

  test("archives nobody once it is promoted: the tenants' home is the primary", () => {
    expect(
      messages(promoted.judgeResource("aws_lambda_invocation", DATABASE, replaced("CREATE_ONLY", "CRUD"))),
    ).toEqual([
      "database: lifecycle_scope is not CREATE_ONLY: a stack that goes with its region would archive the tenant",
    ]);
    expect(
      messages(
        virginia.judgeResource("aws_lambda_invocation", "tenant-virginia_database", replaced("CRUD", "CREATE_ONLY")),
      ),
    ).toEqual(["database: lifecycle_scope is not CRUD: a tenant that goes would keep its login"]);
  });
});

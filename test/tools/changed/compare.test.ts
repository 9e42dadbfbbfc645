import { argumentChanges } from "../../../tools/changed/arguments";
import { compareOutputs } from "../../../tools/changed/compare";
import { identityOf } from "../../../tools/changed/identity";
import { hasRemoteState, readOutput } from "../../../tools/changed/output";
import type { JsonObject } from "../../../tools/manifests/json";
import { removeFolders, temporaryFolder } from "../cli/support";
import { output, stack, tenantResources, writeStacks } from "./support";

afterEach(removeFolders);

/** Changes of one stack's resources. */
function compare(before: Readonly<Record<string, JsonObject>>, after: Readonly<Record<string, JsonObject>>) {
  return compareOutputs(output({ vpc: stack(before) }), output({ vpc: stack(after) }));
}

describe("argumentChanges", () => {
  test("names what differs by its path, lists by their index, and nothing else", () => {
    const before = { same: 1, spec: { hard: { pods: 10 }, gone: true }, list: [{ port: 80 }], "a.b/c": "x" };
    const after = { same: 1, spec: { hard: { pods: 25 } }, list: [{ port: 81 }, { port: 82 }], "a.b/c": "y" };
    expect(argumentChanges(before, after)).toEqual([
      { path: '["a.b/c"]', before: "x", after: "y" },
      { path: "list[0].port", before: 80, after: 81 },
      { path: "list[1]", after: { port: 82 } },
      { path: "spec.gone", before: true },
      { path: "spec.hard.pods", before: 10, after: 25 },
    ]);
  });

  test("goes on inside of a text that is JSON, where the order of keys is nothing", () => {
    const policy = (action: string): string => JSON.stringify({ Statement: [{ Effect: "Allow", Action: action }] });
    expect(argumentChanges({ policy: policy("s3:Get*") }, { policy: policy("s3:*") })).toEqual([
      { path: "policy.Statement[0].Action", before: "s3:Get*", after: "s3:*" },
    ]);
    expect(argumentChanges({ policy: '{"a":1,"b":2}' }, { policy: '{"b":2,"a":1}' })).toEqual([]);
    expect(argumentChanges({ text: "[broken" }, { text: "[Broken" })).toHaveLength(1);
  });

  test("says of a list of plain values what it lost and gained, and of another order both orders", () => {
    expect(argumentChanges({ actions: ["a", "b", "c"] }, { actions: ["x", "a", "c"] })).toEqual([
      { path: "actions[]", before: ["b"], after: ["x"] },
    ]);
    expect(argumentChanges({ actions: ["a"] }, { actions: ["x", "a"] })).toEqual([{ path: "actions[]", after: ["x"] }]);
    expect(argumentChanges({ actions: ["a", "b"] }, { actions: ["b", "a"] })).toEqual([
      { path: "actions", before: ["a", "b"], after: ["b", "a"] },
    ]);
  });

  test("takes comments for none", () => {
    expect(argumentChanges({ "//": { metadata: 1 } }, { "//": { metadata: 2 } })).toEqual([]);
  });
});

describe("identityOf", () => {
  test.each([
    ["kubernetes_namespace_v1", { metadata: { name: "tenant-a" } }, "kubernetes_namespace_v1 tenant-a"],
    ["kubernetes_service_v1", { metadata: [{ name: "web", namespace: "a" }] }, "kubernetes_service_v1 a web"],
    [
      "kubernetes_manifest",
      { manifest: { kind: "VirtualService", metadata: { name: "web", namespace: "a" } } },
      "VirtualService a web",
    ],
    ["helm_release", { name: "istiod", namespace: "istio-system" }, "helm_release istio-system istiod"],
    ["aws_s3_bucket", { bucket: "logs" }, "aws_s3_bucket logs"],
    ["aws_iam_role", { name: "${local.name}" }, undefined],
    ["aws_vpc", { cidr_block: "10.0.0.0/16" }, undefined],
  ])("of %s", (type, body, expected) => {
    expect(identityOf(type, body as JsonObject)).toBe(expected);
  });
});

describe("compareOutputs", () => {
  test("sees no change in a stack that differs in comments and in the order of its keys", () => {
    const resource = { aws_vpc: { main: { a: 1, b: 2 } } };
    const other = { aws_vpc: { main: { "//": { metadata: { path: "vpc/main" } }, b: 2, a: 1 } } };
    expect(
      compareOutputs(output({ vpc: { resource } }), output({ vpc: { "//": { version: "2" }, resource: other } })),
    ).toEqual([]);
  });

  test("tells added, changed and removed resources apart, sorted by address", () => {
    const before = { aws_vpc: { a: { cidr: 1 }, b: { cidr: 2 } } };
    const after = { aws_vpc: { b: { cidr: 3 }, c: { cidr: 4 } } };
    expect(compare(before, after)).toEqual([
      { action: "removed", stack: "vpc", address: "aws_vpc.a", type: "aws_vpc" },
      {
        action: "changed",
        stack: "vpc",
        address: "aws_vpc.b",
        type: "aws_vpc",
        arguments: [{ path: "cidr", before: 2, after: 3 }],
      },
      { action: "added", stack: "vpc", address: "aws_vpc.c", type: "aws_vpc" },
    ]);
  });

  test("one thing at another address is replaced, and named by where it stood", () => {
    const namespace = { metadata: { name: "tenant-a" } };
    expect(
      compare({ kubernetes_namespace_v1: { old: namespace } }, { kubernetes_namespace_v1: { new: namespace } }),
    ).toEqual([
      {
        action: "replaced",
        stack: "vpc",
        address: "kubernetes_namespace_v1.new",
        type: "kubernetes_namespace_v1",
        replaces: "kubernetes_namespace_v1.old",
      },
    ]);
  });

  test("one address with another name is replaced too", () => {
    const bucket = (name: string): JsonObject => ({ bucket: name });
    const changes = compare({ aws_s3_bucket: { logs: bucket("a") } }, { aws_s3_bucket: { logs: bucket("b") } });
    expect(changes).toMatchObject([{ action: "replaced", replaces: "aws_s3_bucket a" }]);
  });

  test("a tenant that moves to another shard is replaced as a whole, what has no name included", () => {
    const both = (first: JsonObject, second: JsonObject) => output({ "tenants-00": first, "tenants-01": second });
    const tenant = stack(tenantResources("acme"));
    const changes = compareOutputs(both(tenant, {}), both({}, tenant));
    expect(
      changes.map(({ action, tenant: owner, stack: place, replaces }) => [action, owner, place, replaces]),
    ).toEqual([
      ["replaced", "acme", "tenants-01", "the one in tenants-00"],
      ["replaced", "acme", "tenants-01", "the one in tenants-00"],
    ]);
  });

  test("a tenant that moves in both regions is replaced by its own region's", () => {
    const tenant = stack(tenantResources("acme"));
    const shard = (number: string) => output({ [`tenants-${number}`]: tenant, [`dr-tenants-${number}`]: tenant });
    const places = compareOutputs(shard("00"), shard("01")).map(({ stack: place, replaces }) => [place, replaces]);
    expect(new Set(places.map(String))).toEqual(
      new Set(["tenants-01,the one in tenants-00", "dr-tenants-01,the one in dr-tenants-00"]),
    );
  });

  test("things of one name that belong to different tenants do not replace each other", () => {
    const policy = { name: "database", policy: "{}" };
    const changes = compare(
      { aws_iam_role_policy: { "tenant-a_identity_database_11111111": policy } },
      { aws_iam_role_policy: { "tenant-b_identity_database_22222222": policy } },
    );
    expect(changes.map(({ action, tenant }) => [action, tenant])).toEqual([
      ["removed", "a"],
      ["added", "b"],
    ]);
  });

  test("a resource's tenant is read from its construct's path", () => {
    const body = { "//": { metadata: { path: "tenants-00/tenant-acme/quota" } } };
    expect(compare({}, { kubernetes_resource_quota_v1: { whatever: body } })).toMatchObject([{ tenant: "acme" }]);
    expect(compare({}, { aws_vpc: { tenancy_x: {} } })[0]).not.toHaveProperty("tenant");
  });

  test("knows what carries prevent_destroy, and what carries it no longer", () => {
    const guarded = { name: "a", lifecycle: { prevent_destroy: true } };
    expect(compare({ aws_kms_key: { k: guarded } }, {})).toMatchObject([{ action: "removed", isStateful: true }]);
    expect(compare({ aws_kms_key: { k: guarded } }, { aws_kms_key: { k: { name: "a" } } })).toMatchObject([
      { action: "changed", isStateful: true, losesGuard: true },
    ]);
    expect(compare({ aws_kms_key: { k: guarded } }, { aws_kms_key: { other: guarded } })).toMatchObject([
      { action: "replaced", isStateful: true },
    ]);
  });

  test("compares what is no resource as well, without a type", () => {
    const before = { locals: { name: "a" }, data: { aws_region: { here: {} } }, output: { id: { value: 1 } } };
    const after = { locals: { name: "b" }, provider: { aws: [{ region: "r" }] }, output: { id: { value: 1 } } };
    const changes = compareOutputs(output({ vpc: before }), output({ vpc: after }));
    expect(changes.map(({ action, address, type }) => [action, address, type])).toEqual([
      ["removed", "data.aws_region.here", undefined],
      ["changed", "local.name", undefined],
      ["added", "provider.aws", undefined],
    ]);
  });
});

describe("readOutput", () => {
  test("reads stacks in the order of their names", () => {
    const folder = writeStacks(temporaryFolder(), { vpc: {}, eks: {} });
    expect([...readOutput(folder, "--out").keys()]).toEqual(["eks", "vpc"]);
  });

  test("a folder without a synth is usage", () => {
    const folder = temporaryFolder();
    expect(() => readOutput(folder, "--out")).toThrow(`--out ${folder}: no manifest.json; synthesize into it first`);
  });

  test("a stack whose state is kept beside the project is not CI's", () => {
    const one = (backend: JsonObject) => ({
      name: "x",
      text: JSON.stringify({ terraform: { backend } }),
      dependencies: [],
    });
    expect(hasRemoteState(one({ s3: {} }))).toBe(true);
    expect(hasRemoteState(one({ local: {} }))).toBe(false);
  });
});

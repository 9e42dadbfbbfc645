import { ENVIRONMENTS } from "../../config";
import { shardOf, shardStackName, type TenantRow } from "../../tenancy";
import { generateRows } from "../support/fleet";
import { changedFiles, synthPlatform } from "../support/platform";

const ROWS = generateRows(12);
const platform = synthPlatform(ROWS);

const fileOf = (id: string): string => `stacks/${shardStackName(shardOf(id, 20))}/cdk.tf.json`;

describe("adding a row", () => {
  const newcomer: TenantRow = { id: "newcomer", name: "Newcomer", tier: "enterprise" };

  test("changes exactly one tenant stack's file", () => {
    expect(changedFiles(platform, synthPlatform([...ROWS, newcomer]))).toEqual([fileOf("newcomer")]);
  });

  test("adds resources to that file and changes none", () => {
    const path = fileOf("newcomer");
    const resourcesIn = (files: ReadonlyMap<string, string>): Record<string, object> => {
      const json = JSON.parse(files.get(path) ?? "{}") as { resource?: Record<string, Record<string, object>> };
      return Object.fromEntries(
        Object.entries(json.resource ?? {}).flatMap(([type, byId]) =>
          Object.entries(byId).map(([id, resource]) => [`${type}.${id}`, resource]),
        ),
      );
    };
    const before = resourcesIn(platform);
    const after = resourcesIn(synthPlatform([...ROWS, newcomer]));
    expect(after).toMatchObject(before);
    const added = Object.keys(after).filter((address) => !(address in before));
    expect(added.length).toBeGreaterThan(0);
    expect(added.every((address) => address.includes(".tenant-newcomer_"))).toBe(true);
  });

  test("changes one file though the shard was empty, and though the fleet was", () => {
    const empty = synthPlatform([]);
    expect(changedFiles(empty, synthPlatform([newcomer]))).toEqual([fileOf("newcomer")]);
  });
});

describe("editing a row", () => {
  test.each<[string, Partial<TenantRow>]>([
    ["its tier", { tier: "enterprise" }],
    ["its state", { state: "suspended" }],
    ["its release", { release: "9.9.9" }],
    ["its rate class", { overrides: { rateClass: "standard" } }],
    ["its quota", { overrides: { quota: { pods: 12 } } }],
  ])("%s changes its own stack alone", (_, edit) => {
    const edited = ROWS.map((row) => (row.id === "company-0003" ? { ...row, ...edit } : row));
    expect(changedFiles(platform, synthPlatform(edited))).toEqual([fileOf("company-0003")]);
  });
});

describe("the same rows", () => {
  test("give the same bytes twice, and in any order", () => {
    expect(changedFiles(platform, synthPlatform(ROWS))).toEqual([]);
    expect(changedFiles(platform, synthPlatform([...ROWS].reverse()))).toEqual([]);
  });

  test("name no place of this machine", () => {
    for (const content of platform.values()) {
      expect(content).not.toContain(process.cwd());
      expect(content).not.toMatch(/"\/(home|root|tmp|Users)\//);
    }
  });
});

describe("stacks", () => {
  const manifest = JSON.parse(platform.get("manifest.json") ?? "{}") as {
    stacks: Record<string, { dependencies: string[] }>;
  };

  test("are the platform's and one for each shard", () => {
    const shards = Array.from({ length: ENVIRONMENTS.production.tenantShards }, (_, shard) => shardStackName(shard));
    expect(Object.keys(manifest.stacks).sort()).toEqual(
      [
        "account",
        "bootstrap",
        "onboarding",
        "registry",
        "vpc",
        "eks",
        "rds",
        "backup",
        "edge",
        "mesh",
        "observability",
        ...shards,
      ].sort(),
    );
  });

  test("wait for what they are built on", () => {
    const needs = (stack: string): string[] => [...(manifest.stacks[stack]?.dependencies ?? [])].sort();
    expect(needs("bootstrap")).toEqual([]);
    expect(needs("registry")).toEqual([]);
    expect(needs("vpc")).toEqual([]);
    expect(needs("account")).toEqual([]);
    expect(needs("onboarding")).toEqual(["account"]);
    expect(needs("eks")).toEqual(["account", "vpc"]);
    expect(needs("rds")).toEqual(["vpc"]);
    expect(needs("backup")).toEqual(["account", "rds", "vpc"]);
    expect(needs("edge")).toEqual(["account", "vpc"]);
    expect(needs("mesh")).toEqual(expect.arrayContaining(["edge", "eks"]));
    expect(needs("observability")).toEqual(expect.arrayContaining(["account", "mesh", "rds"]));
    expect(needs("tenants-00")).toEqual(expect.arrayContaining(["mesh", "observability", "rds"]));
  });

  test("each keep their state in the bucket, locked, but bootstrap, which makes the bucket", () => {
    for (const stack of Object.keys(manifest.stacks)) {
      const json = JSON.parse(platform.get(`stacks/${stack}/cdk.tf.json`) ?? "{}") as {
        terraform: { backend: Record<string, object> };
      };
      expect(json.terraform.backend).toEqual(
        stack === "bootstrap"
          ? { local: { path: "../../../states/production/bootstrap.tfstate" } }
          : {
              s3: {
                bucket: "taskflow-production-terraform-state",
                key: `production/${stack}.tfstate`,
                region: "ap-northeast-1",
                encrypt: true,
                use_lockfile: true,
              },
            },
      );
    }
  });
});

describe("environments", () => {
  test("staging has the same stacks but for its fewer shards, and a state and a domain of its own", () => {
    const staging = synthPlatform(ROWS, ENVIRONMENTS.staging);
    expect([...staging.keys()].filter((path) => path.startsWith("stacks/tenants-"))).toEqual([
      "stacks/tenants-00/cdk.tf.json",
      "stacks/tenants-01/cdk.tf.json",
    ]);
    // A function's code knows every environment; its stack tells it which it is in.
    const contents = [...staging].flatMap(([path, text]) => (path.endsWith(".zip") ? [] : [text])).join("\n");
    expect(contents).not.toContain("production");
    expect(contents).toContain("company-0000.staging.taskflow.example.com");
  });
});

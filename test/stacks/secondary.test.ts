import { readFileSync } from "node:fs";

import { ENVIRONMENTS } from "../../config";
import type { TenantRow } from "../../tenancy";
import { changedFiles, synthPlatform } from "../support/platform";
import { inTwoRegions } from "../support/regions";
import { resourcesOf, type StackJson } from "../support/synth";

const ROWS: readonly TenantRow[] = [
  { id: "free", name: "Free", tier: "standard", shard: 0 },
  { id: "tokyo", name: "Tokyo", tier: "standard", shard: 0, region: "ap-northeast-1" },
];
const VIRGINIAN: TenantRow = { id: "virginia", name: "Virginia", tier: "standard", shard: 0, region: "us-east-1" };

type Files = ReadonlyMap<string, string>;

const standby = synthPlatform([...ROWS, VIRGINIAN], inTwoRegions("standby", { own: true }));
const serving = synthPlatform([...ROWS, VIRGINIAN], inTwoRegions("serving", { own: true }));

const isSecondary = (stack: string): boolean => stack.startsWith("dr-");

function stacksOf(files: Files): ReadonlyMap<string, StackJson> {
  return new Map(
    [...files].flatMap(([path, text]) => {
      const [, name] = /^stacks\/([\w-]+)\/cdk\.tf\.json$/.exec(path) ?? [];
      return name === undefined ? [] : [[name, JSON.parse(text) as StackJson] as const];
    }),
  );
}

/** What an attribute of a type of resource is, over all stacks. */
function everywhere(files: Files, type: string, attribute: string): readonly unknown[] {
  return [...stacksOf(files).values()].flatMap((json) =>
    Object.values(resourcesOf(json, type)).map((resource) => resource[attribute] as unknown),
  );
}

function tenantsIn(files: Files, stack: string): readonly string[] {
  const namespaces = resourcesOf(stacksOf(files).get(stack) ?? {}, "kubernetes_namespace_v1");
  return Object.values(namespaces).map(({ metadata }) => String(metadata.name));
}

describe("Brief: Multi-region. The second region's stacks", () => {
  const stacks = stacksOf(standby);

  test("are there only with a second region, whose settings change nothing while it is off", () => {
    const { production } = ENVIRONMENTS;
    const elsewhere = { ...production.secondary, region: "eu-central-1", ownDatabase: production.database };
    const off = synthPlatform(ROWS, production);
    expect([...stacksOf(off).keys()].filter(isSecondary)).toEqual([]);
    expect(changedFiles(off, synthPlatform(ROWS, { ...production, secondary: elsewhere }))).toEqual([]);
  });

  test("hold what the primary's hold, and what stands between the two", () => {
    const shards = Array.from({ length: 20 }, (_, shard) => `dr-tenants-${String(shard).padStart(2, "0")}`);
    const platform = ["account", "vpc", "eks", "rds", "rds-own", "registry", "edge", "mesh", "observability"];
    expect([...stacks.keys()].filter(isSecondary).sort()).toEqual(
      [...[...platform, "bootstrap", "backup", "link", "dns"].map((name) => `dr-${name}`), ...shards].sort(),
    );
  });

  test("read no state of the primary's region, and the primary's none of theirs", () => {
    for (const [name, json] of stacks) {
      const read = Object.values(json.data?.["terraform_remote_state"] ?? {}).map(({ config }) => String(config.key));
      const across = read.filter((key) => key.startsWith("production/dr-") !== isSecondary(name));
      expect([name, across]).toEqual([name, []]);
    }
  });

  test("keep their states in their own region, all but the one that makes their bucket", () => {
    const backends = [...stacks]
      .filter(([name]) => isSecondary(name))
      .map(([, { terraform }]) => terraform?.["backend"]);
    const remote = backends.filter((backend) => "s3" in (backend as object));
    expect(backends.length - remote.length).toBe(1);
    for (const backend of remote) {
      expect(backend).toMatchObject({ s3: { bucket: "taskflow-production-terraform-state-dr", region: "us-east-1" } });
    }
  });

  test("look at the primary's region in one stack alone, which no failover needs", () => {
    const looking = [...stacks].filter(
      ([name, { data = {} }]) =>
        isSecondary(name) &&
        Object.values(data).some((byId) => Object.values(byId).some(({ region }) => region === "ap-northeast-1")),
    );
    expect(looking.map(([name]) => name)).toEqual(["dr-link"]);
    const runbook = readFileSync("docs/runbooks/region-failover.md", "utf8");
    expect(runbook).not.toMatch(/deploy .*dr-link/);
  });

  test.each([
    ["aws_iam_role", "name"],
    ["aws_s3_bucket", "bucket"],
  ])("share no %s with the primary's: their names are one for all regions", (type, attribute) => {
    const names = everywhere(standby, type, attribute);
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test("come in an order in which each finds what it looks for", () => {
    const { stacks: manifest } = JSON.parse(standby.get("manifest.json") ?? "{}") as {
      stacks: Record<string, { dependencies: string[] }>;
    };
    const before = (name: string): readonly string[] => manifest[name]?.dependencies ?? [];
    expect(before("dr-rds")).toContain("rds");
    expect(before("registry")).toContain("dr-registry");
    expect(before("backup")).toContain("dr-backup");
    expect(before("dr-dns")).toEqual(expect.arrayContaining(["dr-link", "dr-edge", "dr-rds"]));
    expect(before("edge")).toContain("dr-dns");
    expect(before("dr-tenants-00")).toEqual(
      expect.arrayContaining(["dr-mesh", "dr-observability", "dr-rds", "dr-rds-own"]),
    );
  });
});

describe("tenants of two regions", () => {
  test("stand in both, and those that their rows pin in one", () => {
    expect(tenantsIn(standby, "tenants-00")).toEqual(["tenant-free", "tenant-tokyo"]);
    expect(tenantsIn(standby, "dr-tenants-00")).toEqual(["tenant-free", "tenant-virginia"]);
  });

  test("have a database of the region that their rows name, and else the copy of the primary's", () => {
    const json = stacksOf(standby).get("dr-tenants-00") ?? {};
    const hosts = Object.fromEntries(
      Object.values(resourcesOf(json, "kubernetes_deployment_v1")).map(({ metadata, spec }) => {
        const [{ env }] = spec.template.spec.container as [{ env: { name: string; value: string }[] }];
        return [metadata.namespace, env.find(({ name }) => name === "DATABASE_HOST")?.value];
      }),
    );
    expect(hosts).toEqual({
      "tenant-free": "${local.database_endpoint}",
      "tenant-virginia": "${local.home_database_endpoint}",
    });
    expect(json.locals?.["database_endpoint"]).toMatch(/input-dr-rds\./);
    expect(json.locals?.["home_database_endpoint"]).toMatch(/input-dr-rds-own\./);
  });
});

describe("a failover", () => {
  test("changes databases, names, monitoring and tenants, and nothing that would have to be built then", () => {
    const changed = changedFiles(standby, serving).map((path) => path.split("/")[1]);
    expect([...new Set(changed)].sort()).toEqual([
      "dr-dns",
      "dr-observability",
      "dr-rds",
      "dr-tenants-00",
      "observability",
      "tenants-00",
    ]);
  });

  test("is told by a page whose names are those that stand", () => {
    const runbook = readFileSync("docs/runbooks/region-failover.md", "utf8");
    const named = (pattern: RegExp): readonly string[] => [
      ...new Set([...runbook.matchAll(pattern)].map(([, name = ""]) => name)),
    ];
    const instances = everywhere(standby, "aws_db_instance", "identifier");
    expect(named(/--db-instance-identifier (taskflow[\w-]*)/g).filter((name) => !instances.includes(name))).toEqual([
      "taskflow-before-failover",
    ]);
    expect(everywhere(standby, "aws_db_proxy", "name")).toEqual(
      expect.arrayContaining([...named(/--db-proxy-name ([\w-]+)/g)]),
    );
    expect(everywhere(standby, "aws_eks_cluster", "name")).toEqual(
      expect.arrayContaining([...named(/--name (taskflow-eks[\w-]*)/g)]),
    );
    expect(everywhere(standby, "aws_cloudwatch_metric_alarm", "alarm_name")).toEqual(
      expect.arrayContaining([...named(/`(taskflow-[\w-]*(?:primary|secondary|lag))`/g)]),
    );
    expect(everywhere(standby, "aws_route53_record", "name")).toEqual(
      expect.arrayContaining([...named(/https?:\/\/([\w-]+\.region\.[\w.]+)/g)]),
    );
    const stacks = [...stacksOf(standby).keys()];
    expect(
      named(/cdktf (?:deploy|diff) '?([\w-]+?)(?:\*'|'| )/g).filter(
        (name) => !stacks.some((one) => one.startsWith(name)),
      ),
    ).toEqual([]);
  });

  test.each(["second-region", "region-failover"])("%s.patch changes one word, the role", (name) => {
    const patch = readFileSync(`docs/examples/${name}.patch`, "utf8");
    const [from, to] = name === "second-region" ? ["off", "standby"] : ["standby", "serving"];
    expect(patch.match(/^[-+] .*$/gm)).toEqual([`-    role: "${from}",`, `+    role: "${to}",`]);
  });
});

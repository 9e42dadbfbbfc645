import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { ENVIRONMENTS } from "../../../config";
import type { TenantRow } from "../../../tenancy";
import { reportCommand } from "../../../tools/report/command";
import { judgeIsolation } from "../../../tools/report/judge-isolation";
import { weakPairs } from "../../../tools/report/isolation-matrix";
import { tenantsJson } from "../../support/fleet";
import { synthPlatform } from "../../support/platform";
import { inTwoRegions } from "../../support/regions";
import { type Outcome, runCommand } from "../limits/run-command";

const ROWS: readonly TenantRow[] = [
  { id: "acme", name: "Acme", tier: "standard" },
  { id: "globex", name: "Globex", tier: "starter" },
];

const folder = mkdtempSync(join(tmpdir(), "taskflow-report-"));
const out = join(folder, "out");
const tenants = join(folder, "tenants.json");
const html = join(folder, "report.html");

beforeAll(() => {
  for (const [path, text] of synthPlatform(ROWS)) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), text);
  }
  writeFileSync(tenants, tenantsJson(ROWS));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function report(...args: string[]): Promise<Outcome> {
  return runCommand(reportCommand, ["--tenants", tenants, "--out", out, "--html", html, ...args]);
}

describe("report", () => {
  test("writes one page on all stacks and says where", async () => {
    const { out: text, error, exitCode } = await report();
    expect([error, exitCode]).toEqual(["", 0]);
    const stacks = readdirSync(join(out, "stacks")).length;
    expect(text).toMatch(new RegExp(`report\\.html: 2 tenants, ${stacks} stacks, \\d+ KiB\\n$`));
    expect(readFileSync(html, "utf8")).toContain("tenants-00 … 19");
  });

  test("tells how many layers stop the pairs", async () => {
    const data = JSON.parse((await report("--json")).out) as { readonly pairsByLayers: readonly object[] };
    expect(data.pairsByLayers).toEqual([{ layers: 6, pairs: 2 }]);
  });

  test("refuses the output of another fleet", async () => {
    const others = join(folder, "others.json");
    writeFileSync(others, tenantsJson([...ROWS.slice(1), { id: "initech", name: "Initech", tier: "starter" }]));
    const { error, exitCode } = await runCommand(reportCommand, ["--tenants", others, "--out", out, "--html", html]);
    expect(exitCode).toBe(1);
    expect(error.replaceAll(/\s+/g, " ")).toMatch(
      /out was not synthesized from .*others\.json: it lacks initech; has acme besides; run npm run synth $/,
    );
  });

  test("does not miss a tenant that stands in the second region alone", async () => {
    const environment = inTwoRegions("standby", { own: true });
    const production = jest.replaceProperty(ENVIRONMENTS, "production", environment);
    const rows: readonly TenantRow[] = [
      ...ROWS,
      { id: "virginia", name: "Virginia", tier: "starter", region: environment.secondary.region },
    ];
    const both = join(folder, "both.json");
    writeFileSync(both, tenantsJson(rows));
    const { error, exitCode } = await runCommand(reportCommand, ["--tenants", both, "--out", out, "--html", html]);
    production.restore();
    expect([error, exitCode]).toEqual(["", 0]);
  });

  test("is a matter of usage if nothing has been synthesized", async () => {
    const { error, exitCode } = await runCommand(reportCommand, ["--tenants", tenants, "--out", folder]);
    expect(exitCode).toBe(2);
    expect(error).toMatch(/no synthesized app; run npm run synth\n$/);
  });
});

describe("judgeIsolation", () => {
  test("shows the layer that goes with a policy", () => {
    const stack = readdirSync(join(out, "stacks"))
      .map((name) => join(out, "stacks", name, "cdk.tf.json"))
      .find((path) => readFileSync(path, "utf8").includes('"tenant-globex"'));
    if (stack === undefined) {
      throw new Error("no stack holds tenant globex");
    }
    const before = readFileSync(stack, "utf8");
    const json = JSON.parse(before) as {
      resource: Record<string, Record<string, { metadata?: { namespace?: string } }>>;
    };
    const policies = json.resource["kubernetes_network_policy_v1"] ?? {};
    json.resource["kubernetes_network_policy_v1"] = Object.fromEntries(
      Object.entries(policies).filter(([name]) => !name.includes("globex")),
    );
    writeFileSync(stack, JSON.stringify(json));
    try {
      const matrix = judgeIsolation(out, () => undefined);
      expect(
        weakPairs(matrix).map(({ row, column, missing }) => [matrix.tenants[row], matrix.tenants[column], missing]),
      ).toEqual([
        ["acme", "globex", ["NetworkPolicy ingress"]],
        ["globex", "acme", ["NetworkPolicy egress"]],
      ]);
    } finally {
      writeFileSync(stack, before);
    }
  });
});

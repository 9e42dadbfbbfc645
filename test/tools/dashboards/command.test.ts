import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App } from "cdktf";

import { ENVIRONMENTS } from "../../../config";
import { PlatformDashboards } from "../../../constructs/observability";
import { TenantDashboard } from "../../../constructs/tenant/dashboard";
import { BaseStack } from "../../../stacks/base-stack";
import { dashboardsCommand } from "../../../tools/dashboards/command";
import { tenantOf } from "../../support/tenants";
import { oneLine } from "../cli/support";

const environment = ENVIRONMENTS.production;
const PAGE = join(__dirname, "../../../docs/dashboards.md");

class TestStack extends BaseStack {}

/** Synthesizes the platform's dashboards and those of some tenants, and nothing else. */
function synthDashboards(outdir: string, ...ids: readonly string[]): void {
  const app = new App({ outdir });
  const stack = (name: string): TestStack => {
    const made = new TestStack(app, name, { environment });
    new KubernetesProvider(made, "kubernetes");
    return made;
  };
  for (const name of ["observability", "dr-observability"]) {
    new PlatformDashboards(stack(name), "dashboards", { environment, databaseName: "taskflow", dependsOn: [] });
  }
  const tenants = stack("tenants-00");
  for (const id of ids) {
    new TenantDashboard(tenants, id, { tenant: tenantOf({ id, tier: "enterprise" }) });
  }
  app.synth();
}

describe("taskflow dashboards", () => {
  const folder = mkdtempSync(join(tmpdir(), "taskflow-"));
  const out = join(folder, "cdktf.out");
  const page = join(folder, "dashboards.md");

  beforeAll(() => {
    synthDashboards(out, "acme", "zenith");
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
    process.exitCode = 0;
  });

  /** What the command prints, and what it exits with. */
  async function run(...args: readonly string[]) {
    const printed = { out: "", error: "" };
    const command = dashboardsCommand({
      out: (text) => (printed.out += text),
      error: (text) => (printed.error += text),
      colours: false,
      interactive: false,
    });
    await command.parseAsync(["--out", out, "--page", page, ...args], { from: "user" });
    return { ...printed, exitCode: process.exitCode };
  }

  test("the repository's page is what the dashboards make", async () => {
    const { out: printed, exitCode } = await run("--page", PAGE, "--check");
    expect(printed).toContain(`${PAGE} is up to date\n`);
    expect(exitCode).toBe(0);
  });

  test("says what each dashboard holds, one tenant's for all", async () => {
    const { out: printed, exitCode } = await run();
    const lines = printed.split("\n").map((line) => line.replace(/\s+\d+$/, ""));
    expect(lines).toEqual([
      "dashboard    folder              panels  queries  bytes",
      "cost         Platform                 8        9",
      "database     Platform                14       17",
      "fleet        Platform                21       33",
      "gateway      Platform                14       21",
      "tenant-acme  Tenants enterprise      13       23",
      "",
      `${page} is up to date`,
      "",
    ]);
    expect(exitCode).toBe(0);
  });

  test("shows each panel with its question, unit and queries, Terraform's doubled signs undone", async () => {
    await run();
    const text = readFileSync(page, "utf8");
    expect(text).toContain(
      "| P99 latency by tier | Does a tier keep its 500 ms? | ms | {{tier}}: `tier:latency_milliseconds:p99_5m` |\n",
    );
    expect(text).toContain(
      "pinned: `AWS/RDS DatabaseConnectionsCurrentlySessionPinned (Sum) / AWS/RDS DatabaseConnections (Sum)`",
    );
    expect(text).toContain("| **Worst tenants** | | | |\n");
  });

  test("writes the same page whichever tenant comes first", async () => {
    await run();
    const before = readFileSync(page, "utf8");
    const others = join(folder, "others");
    synthDashboards(others, "beta-test");
    await run("--out", others);
    expect(readFileSync(page, "utf8")).toBe(before);
    expect(before).not.toMatch(/acme|beta-test|zenith/);
  });

  test("with --check, a page that differs is a finding and stays as it is", async () => {
    writeFileSync(page, "old\n");
    const { out: printed, exitCode } = await run("--check");
    expect(oneLine(printed)).toMatch(/: run `npx taskflow dashboards`$/);
    expect(exitCode).toBe(1);
    expect(readFileSync(page, "utf8")).toBe("old\n");
  });

  test("with --json, gives the findings and the figures", async () => {
    writeFileSync(page, "old\n");
    const { out: printed } = await run("--check", "--json");
    const { findings, dashboards } = JSON.parse(printed) as { findings: object[]; dashboards: { uid: string }[] };
    expect(findings).toEqual([
      { file: page, message: "is not what the synth makes of it: run `npx taskflow dashboards`" },
    ]);
    expect(dashboards.map(({ uid }) => uid)).toEqual(["cost", "database", "fleet", "gateway", "tenant-acme"]);
  });

  test("a folder without a synth is a command line that makes no sense", async () => {
    const { error, exitCode } = await run("--out", folder);
    expect(error).toBe(
      `error: ${folder}/manifest.json does not exist: run "npm run synth" first, or name the folder with --out\n`,
    );
    expect(exitCode).toBe(2);
  });

  test("a dashboard that is no JSON is named", async () => {
    const broken = join(folder, "broken");
    cpSync(out, broken, { recursive: true });
    const path = join(broken, "stacks/observability/cdk.tf.json");
    writeFileSync(path, readFileSync(path, "utf8").replace('{\\"editable\\"', '{editable\\"'));
    const { error, exitCode } = await run("--out", broken);
    expect(error).toMatch(/^error: observability: kubernetes_config_map_v1\.dashboards_\w+: .+JSON/);
    expect(exitCode).toBe(2);
  });
});

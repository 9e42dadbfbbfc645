import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { TenantRow } from "../../../tenancy";
import { costCommand } from "../../../tools/cost/command";
import { generateRows, tenantsJson } from "../../support/fleet";
import { type Outcome, runCommand, tooWide, withTenantsFile } from "../limits/run-command";
import { oneLine } from "../cli/support";

const ROWS = generateRows(20);

function cost(rows: readonly TenantRow[], ...args: string[]): Promise<Outcome> {
  return withTenantsFile(rows, (path) => runCommand(costCommand, ["--tenants", path, ...args]));
}

describe("cost", () => {
  test("prints the estimate within 100 columns and finds nothing", async () => {
    const { out, error, exitCode } = await cost(ROWS);
    expect(exitCode).toBe(0);
    expect(error).toBe("");
    expect(out).toMatch(/^production: 20 tenants, ap-northeast-1, on demand, US dollars a month\n/);
    expect(out).toMatch(/^EKS control plane\s+730\s+h\s+0\.1\s+73\.00\s+73\.00$/m);
    expect(out).toMatch(/^total\s+2,946\s+[\d,]+$/m);
    expect(out).toMatch(/^total after savings\s+1,996\s+[\d,]+$/m);
    expect(tooWide(out)).toEqual([]);
  });

  test("prints each saving with its setting, whether it is on, and its risk", async () => {
    const { out } = await cost(ROWS);
    expect(out).toMatch(/^Spot nodes +[\d.]+ {2}on {3}savings\.spotShare: 0\.5; Spot instances/m);
    expect(out).toMatch(
      /^Lower floor at night +[\d.]+ {2}off {2}with savings\.workingHours: 08:00 to 20:00 Asia\/Tokyo/m,
    );
    const { out: json } = await cost(ROWS, "--json");
    const { savings } = JSON.parse(json) as { readonly savings: readonly { readonly risk: string }[] };
    expect(out.match(/^ +risk: \S/gm)).toHaveLength(savings.length);
    for (const { risk } of savings) {
      expect(oneLine(out)).toContain(`risk: ${risk.split(" ").slice(0, 5).join(" ")}`);
    }
  });

  test("prints money as JSON, rounded so that the order of the rows changes no byte", async () => {
    const path = /"[^"]*tenants\.json"/;
    const [one, other] = await Promise.all([cost(ROWS, "--json"), cost([...ROWS].reverse(), "--json")]);
    expect(other.out.replace(path, "")).toBe(one.out.replace(path, ""));
    const data = JSON.parse(one.out) as { readonly lines: readonly { readonly usd: number }[] };
    expect(data.lines.every(({ usd }) => Number(usd.toFixed(4)) === usd)).toBe(true);
  });

  test("warns at the row of a tenant that costs more than it pays in a fleet that carries itself", async () => {
    const rows = generateRows(200).map((row): TenantRow => ({ id: row.id, name: row.name, tier: "enterprise" }));
    const guest: TenantRow = { id: "a-guest", name: "A Guest", tier: "starter", overrides: { replicas: { min: 2 } } };
    const { out, exitCode } = await cost([...rows, guest]);
    expect(exitCode).toBe(0);
    expect(out.replaceAll(/\n {2}/g, " ")).toMatch(
      /tenants\.json:1004:13: a-guest costs \$[34]\d\.\d\d a month, \$\d+\.\d\d by itself, and pays \$29\.00 \(tier starter\)\n$/,
    );
  });

  test("warns once of a fleet that does not carry the platform", async () => {
    const { out, exitCode } = await cost(generateRows(3));
    expect(exitCode).toBe(0);
    expect(oneLine(out)).toMatch(/tenants\.json: the fleet costs \$[\d,.]+ a month and pays \$87\.00$/);
  });

  test("prints one tenant's part", async () => {
    const { out, exitCode } = await cost(ROWS, "--tenant", "company-0009");
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^compute\s+\d+\.\d\d {2}CPU and memory requests/m);
    expect(out).toMatch(/^total [\d,.]+, price 499\.00, margin -?[\d,.]+; [\d.]+ would not be spent without it$/m);
    expect(tooWide(out)).toEqual([]);
  });

  test("suggests the nearest tenant for one that does not exist", async () => {
    const { error, exitCode } = await cost(ROWS, "--tenant", "company-009");
    expect(error).toMatch(
      /^error: --tenant company-009: .*tenants\.json has no such tenant; did you mean company-00\d9\?\n$/,
    );
    expect(exitCode).toBe(2);
  });

  test("does not take a tenant and a base at once", async () => {
    const { error, exitCode } = await cost(ROWS, "--tenant", "company-0009", "--base", "main");
    expect(error).toBe("error: --tenant and --base: allowed: one of them\n");
    expect(exitCode).toBe(2);
  });
});

describe("cost --base", () => {
  const folder = mkdtempSync(join(tmpdir(), "taskflow-base-"));
  const path = join(folder, "tenants.json");

  beforeAll(() => {
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: folder });
    git("init", "--quiet");
    writeFileSync(path, tenantsJson(ROWS));
    git("add", ".");
    git("commit", "--quiet", "--message", "base");
    writeFileSync(path, tenantsJson([...ROWS, { id: "newcomer", name: "New", tier: "enterprise" }]));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("prints what the change costs and brings in", async () => {
    const { out, exitCode } = await runCommand(costCommand, ["--tenants", path, "--base", "HEAD"]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Since HEAD: cost \+[\d.]+, revenue \+499\.00, margin \+[\d.]+ US dollars a month$/m);
    expect(out).toMatch(/^newcomer\s+– → enterprise\s+–\s+[\d.]+\s+\+499\.00$/m);
    expect(tooWide(out)).toEqual([]);
  });

  test("is a matter of usage if git knows no such commit", async () => {
    const { error, exitCode } = await runCommand(costCommand, ["--tenants", path, "--base", "nowhere"]);
    expect(error).toBe("error: --base nowhere: git knows no such commit; a shallow clone may lack it\n");
    expect(exitCode).toBe(2);
  });
});

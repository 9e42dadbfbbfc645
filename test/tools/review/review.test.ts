import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { App } from "cdktf";

import { ENVIRONMENTS } from "../../../config";
import { addPlatform } from "../../../stacks/platform";
import { parseTenants } from "../../../tenancy";
import { reviewMarkdown } from "../../../tools/review/page";
import { inTwoRegions } from "../../support/regions";
import { commit, oneLine, removeFolders, taskflow, tenantsText, temporaryFolder, writeTenants } from "../cli/support";

afterEach(removeFolders);

const STAGING = ENVIRONMENTS.staging;

const ACME = '{ "id": "acme", "name": "Acme", "tier": "starter", "shard": 0 }';
const BETA = '{ "id": "beta", "name": "Beta", "tier": "standard", "shard": 0 }';

/** Synths of each list of rows, made once. */
const synths = new Map<string, string>();
let outputs: string;

beforeAll(() => {
  outputs = mkdtempSync(join(tmpdir(), "taskflow-review-"));
  for (const rows of [[ACME], [ACME, BETA]]) {
    const outdir = join(outputs, String(rows.length));
    const app = new App({ outdir });
    addPlatform(app, STAGING, parseTenants(tenantsText(rows), STAGING, "tenants.json"));
    app.synth();
    synths.set(tenantsText(rows), outdir);
  }
});

afterAll(() => {
  rmSync(outputs, { recursive: true });
});

/** Reviews a change of rows in staging. Rows that cannot be synthesized have the output of the first row. */
async function review(before: readonly string[], after: readonly string[]) {
  const folder = temporaryFolder();
  const tenants = writeTenants(folder, before);
  commit(folder);
  writeTenants(folder, after);
  const synth = (rows: readonly string[]): string => synths.get(tenantsText(rows)) ?? join(outputs, "1");
  const sides = ["--against", synth(before), "--out", synth(after)];
  return taskflow("review", "--env", "staging", "--tenants", tenants, "--base", "HEAD", ...sides);
}

describe("taskflow review", () => {
  test("says of a new tenant what it makes, costs and brings nearer", async () => {
    const { out, error } = await review([ACME], [ACME, BETA]);
    expect(error).toBe("");
    expect(out).toContain("| Tenants | 1 row added, 0 changed, 0 removed | fine |\n");
    expect(out).toContain("| Resources | 1 stack, 34 added, 0 changed, **0 destroys** | fine |\n");
    expect(out).toContain("| Isolation | 2 pairs of tenants, each stopped by 6 layers or more | ");
    expect(out).toMatch(/\| Cost \| \+\$\d+\.\d\d a month, revenue \+\$99\.00, margin [+−]\$\d+\.\d\d \| fine \|\n/);
    expect(out).toMatch(/\| Limits \| next: .* at \d+ tenants, at today's mix \| fine \|\n/);
    expect(out).toContain("### Tenants\n\n- added: `beta`\n");
    expect(out).toContain("+ added aws_lambda_invocation.tenant-beta_database_");
  });

  test("judges isolation in each of two regions", async () => {
    const folder = temporaryFolder();
    const tenants = writeTenants(folder, [ACME, BETA]);
    commit(folder);
    const out = join(outputs, "two-regions");
    const app = new App({ outdir: out });
    const environment = inTwoRegions("standby");
    addPlatform(app, environment, parseTenants(tenantsText([ACME, BETA]), environment, "tenants.json"));
    app.synth();
    const sides = ["--against", out, "--out", out];
    const { out: text } = await taskflow(
      "review",
      "--env",
      "production",
      "--tenants",
      tenants,
      "--base",
      "HEAD",
      ...sides,
    );
    expect(text).toContain("| Isolation | 2 pairs of tenants, each stopped by 6 layers or more | fine |\n");
    expect(text).toContain(
      "| Isolation in the second region | 2 pairs of tenants, each stopped by 6 layers or more | fine |\n",
    );
  });

  test("says of a row that vanishes what is lost, from the rows and from the resources, and ends with 1", async () => {
    const { out, code } = await review([ACME, BETA], [ACME]);
    expect(code).toBe(1);
    expect(out).toMatch(/^## \d+ findings against this change\n/);
    expect(out).toContain("| Tenants | 0 rows added, 0 changed, 1 removed | **1 finding** |\n");
    expect(out).toContain("**34 destroys** | **1 finding** |\n");
    expect(out.replaceAll("\n  ", " ")).toContain('row "beta" vanishes in state "active"');
    expect(out).toContain("would be destroyed");
  });

  test("a file that does not pass is judged by itself, without a synth", async () => {
    const { out, code } = await review([ACME], ['{ "id": "acme", "name": "Acme", "tier": "gold", "shard": 0 }']);
    expect(code).toBe(1);
    expect(out).toMatch(/^## 1 finding against this change\n/);
    expect(out).not.toContain("| Resources |");
  });

  test("a base that this version refuses leaves its cost out, and says why", async () => {
    const { out, code } = await review(['{ "id": "acme", "name": "Acme", "tier": "platinum", "shard": 0 }'], [ACME]);
    expect(code).toBe(1);
    expect(out).toContain("| Cost | cannot be computed | **1 finding** |\n");
    expect(oneLine(out)).toContain('tenants[0].tier: unknown value "platinum"');
    expect(out).toContain("| Resources | 0 stacks, ");
  });

  test("without a base is usage", async () => {
    const { error, code } = await taskflow("review");
    expect({ error, code }).toEqual({ error: "error: give --base <ref>\n", code: 2 });
  });
});

test("a page without findings and bodies is its table alone", () => {
  expect(reviewMarkdown([{ title: "Limits", summary: "next: none", findings: [] }])).toBe(
    "## Nothing found against this change\n\n|  |  |  |\n| --- | --- | --- |\n| Limits | next: none | fine |\n",
  );
});

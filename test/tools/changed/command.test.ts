import { join } from "node:path";

import { commit, oneLine, removeFolders, taskflow, temporaryFolder, writeTenants } from "../cli/support";
import { stack, tenantResources, writeStacks } from "./support";

afterEach(removeFolders);

const ROW = '{ "id": "acme", "name": "Acme", "tier": "starter", "shard": 0 }';
const LARGER =
  '{ "id": "acme", "name": "Acme", "tier": "starter", "shard": 0, "overrides": { "quota": { "pods": 20 } } }';

/** A repository whose working tree gives acme more pods, with both synths beside it. */
function grownTenant(): readonly string[] {
  const folder = temporaryFolder();
  const tenants = writeTenants(folder, [ROW]);
  commit(folder);
  writeTenants(folder, [LARGER]);
  const against = writeStacks(join(folder, "before"), { "tenants-00": stack(tenantResources("acme", 10)) });
  const out = writeStacks(join(folder, "after"), { "tenants-00": stack(tenantResources("acme", 20)) });
  return ["--tenants", tenants, "--against", against, "--out", out];
}

describe("taskflow changed", () => {
  test("compares two synths, and rows with their base", async () => {
    const { out, error, code } = await taskflow("changed", ...grownTenant(), "--base", "HEAD");
    expect({ error, code }).toEqual({ error: "", code: 0 });
    expect(out).toMatch(
      /^since HEAD: 1 stack, 1 tenant; resources: 0 added, 1 changed, 0 replaced, 0 removed\n\nacme\s/,
    );
    expect(oneLine(out)).toContain("tenants.json:3 (row changed), tenants-00");
  });

  test("without a base no row is known to have changed, and none is blamed", async () => {
    const { out, code } = await taskflow("changed", ...grownTenant(), "--json");
    expect(code).toBe(0);
    const report = JSON.parse(out) as { readonly tenants: readonly object[] };
    expect(report).toMatchObject({ findings: [], sharedFiles: [], tenants: [{ id: "acme" }] });
    expect(report.tenants[0]).not.toHaveProperty("row");
  });

  test("gives GitHub Actions a matrix in one line", async () => {
    const { out } = await taskflow("changed", ...grownTenant(), "--format", "matrix");
    expect(out).toBe('{"include":[{"stack":"tenants-00","wave":"starter"}]}\n');
  });

  test("prints JSON the same whichever way it is asked for it", async () => {
    const args = grownTenant();
    expect((await taskflow("changed", ...args, "--format", "json")).out).toBe(
      (await taskflow("changed", ...args, "--json")).out,
    );
  });

  test("a new file of the code that nobody has added to git yet counts as a shared change", async () => {
    const args = grownTenant();
    const folder = join(args[1] ?? "", "..");
    writeStacks(join(folder, "config"), {});
    const { out } = await taskflow("changed", ...args, "--base", "HEAD");
    expect(out).toContain("shared change (config/manifest.json): touches 0 tenants whose row is the same\n");
  });

  test("with nothing to compare with is usage", async () => {
    const tenants = writeTenants(temporaryFolder(), [ROW]);
    expect(await taskflow("changed", "--tenants", tenants)).toEqual({
      out: "",
      error: "error: give --base <ref> or --against <folder>\n",
      code: 2,
    });
  });
});

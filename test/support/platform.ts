import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { App } from "cdktf";

import { ENVIRONMENTS, type Environment } from "../../config";
import { addPlatform } from "../../stacks/platform";
import { parseTenants, type TenantRow } from "../../tenancy";
import { tenantsJson } from "./fleet";

/** Every file that a synth of these rows writes, by path below the output folder. */
export function synthPlatform(
  rows: readonly TenantRow[],
  environment: Environment = ENVIRONMENTS.production,
): ReadonlyMap<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), "taskflow-"));
  try {
    const app = new App({ outdir });
    addPlatform(app, environment, parseTenants(tenantsJson(rows), environment, "tenants.json"));
    app.synth();
    return new Map(
      readdirSync(outdir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [relative(outdir, path), readFileSync(path, "utf8")] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Paths whose content differs, or that only one side has. */
export function changedFiles(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}

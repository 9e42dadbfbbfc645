import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { TenantRow } from "../../tenancy";
import { tenantsJson } from "../support/fleet";

const ROOT = join(__dirname, "../..");

/**
 * Synthesizes the project into a folder, as `npm run synth` does. TASKFLOW_CONFORMANCE_OUT names a folder that already holds
 * an output to test instead.
 */
export async function synthesize(outDir: string, signal: AbortSignal): Promise<string> {
  const given = process.env["TASKFLOW_CONFORMANCE_OUT"];
  if (given !== undefined) {
    return resolve(ROOT, given);
  }
  await synthesizeWith({ CDKTF_OUTDIR: outDir }, signal);
  return outDir;
}

/** Synthesizes the project for some rows into a folder, which it makes; gives the output's. */
export async function synthesizeRows(folder: string, rows: readonly TenantRow[]): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const tenants = join(folder, "tenants.json");
  writeFileSync(tenants, tenantsJson(rows));
  const outDir = join(folder, "cdktf.out");
  await synthesizeWith({ TASKFLOW_TENANTS: tenants, CDKTF_OUTDIR: outDir });
  return outDir;
}

async function synthesizeWith(variables: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<void> {
  const tsx = join(ROOT, "node_modules/.bin/tsx");
  const env = { ...process.env, ...variables };
  const options = { cwd: ROOT, env, maxBuffer: 64 * 1024 * 1024, ...(signal ? { signal } : {}) };
  await promisify(execFile)(tsx, ["main.ts"], options);
}

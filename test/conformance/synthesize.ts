import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

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
  const tsx = join(ROOT, "node_modules/.bin/tsx");
  const env = { ...process.env, CDKTF_OUTDIR: outDir };
  await promisify(execFile)(tsx, ["main.ts"], { cwd: ROOT, env, signal, maxBuffer: 64 * 1024 * 1024 });
  return outDir;
}

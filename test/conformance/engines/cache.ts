import { mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where built engines and fetched CRDs stay between runs: a folder for each name and version. */
export function cacheFolder(name: string, version: string): string {
  const base = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(base, "taskflow-conformance", `${name}-${version}`);
}

/**
 * Makes a file by way of a temporary neighbour and a rename, so that an interrupted or a concurrent run never leaves half
 * of it behind.
 */
export async function writeWhole(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  mkdirSync(join(path, ".."), { recursive: true });
  try {
    await write(temporary);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** A line of progress: a first run takes minutes, and whoever waits should see what for. */
export function report(line: string): void {
  process.stderr.write(`conformance: ${line}\n`);
}

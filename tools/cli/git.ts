import { execFileSync } from "node:child_process";
import { basename, dirname } from "node:path";

import { UsageError } from "./command";

/** Largest file that is read from a commit. */
const MAX_BYTES = 64 * 1024 ** 2;

/**
 * What git prints.
 *
 * @throws Error with git's own words
 */
export function git(folder: string, args: readonly string[]): string {
  return execFileSync("git", [...args], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: MAX_BYTES,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/**
 * The commit that a ref means.
 *
 * @throws UsageError if the folder's repository has none
 */
export function commitOf(folder: string, ref: string): string {
  try {
    return git(folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]).trim();
  } catch {
    throw new UsageError(`--base ${ref}: git knows no such commit; a shallow clone may lack it`);
  }
}

/**
 * A file as it stood at a ref.
 *
 * @throws UsageError if the ref or the file in it does not exist
 */
export function textAt(ref: string, path: string): string {
  const folder = dirname(path);
  const commit = commitOf(folder, ref);
  try {
    return git(folder, ["show", `${commit}:./${basename(path)}`]);
  } catch {
    throw new UsageError(`--base ${ref}: ${basename(path)} does not exist there`);
  }
}

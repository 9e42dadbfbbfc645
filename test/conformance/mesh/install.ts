import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * Copies a file of the cache to where pods' accounts may read it: the cache is the user's own.
 *
 * @returns path of the copy
 */
export function installFile(source: string, folder: string, mode: number): string {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  const path = join(folder, basename(source));
  copyFileSync(source, path);
  chmodSync(path, mode);
  return path;
}

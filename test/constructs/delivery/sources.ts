import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const CONSTRUCTS = join(__dirname, "../../../constructs");

/** Texts of the constructs' source files, those of some folders left out. */
export function constructSources(...without: readonly string[]): string[] {
  return readdirSync(CONSTRUCTS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .filter((entry) => !without.some((folder) => entry.parentPath.startsWith(join(CONSTRUCTS, folder))))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
}

/** What a pattern's first group matches in any of the texts, each once. */
export function mentioned(pattern: RegExp, texts: readonly string[]): string[] {
  const found = texts.flatMap((text) => [...text.matchAll(pattern)].map(([, match]) => match ?? ""));
  return [...new Set(found)].sort();
}

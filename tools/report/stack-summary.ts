import { readFileSync } from "node:fs";
import { join } from "node:path";

import { readStacks, resourcesOf } from "../manifests/output";

/** A stack of a synthesized app. */
export interface StackSummary {
  readonly name: string;
  readonly resources: number;
  /** Stacks that have to be applied before. */
  readonly dependencies: readonly string[];
}

/**
 * The stacks of an output folder, by name.
 *
 * @throws ManifestsError if the folder holds no synthesized app
 */
export function summarizeStacks(outDir: string): readonly StackSummary[] {
  const stacks = readStacks(outDir);
  const manifest = JSON.parse(readFileSync(join(outDir, "manifest.json"), "utf8")) as {
    readonly stacks: Readonly<Record<string, { readonly dependencies: readonly string[] }>>;
  };
  return stacks.map(({ name, document }) => ({
    name,
    resources: resourcesOf(document).length,
    dependencies: manifest.stacks[name]?.dependencies ?? [],
  }));
}

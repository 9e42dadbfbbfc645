import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { loadTenants } from "../../tenancy";
import { rowChanges, rowsById } from "../../tenancy/rows";
import { UsageError } from "../cli/command";
import { commitOf, git, textAt } from "../cli/git";
import { ROOT, type TenantsInput } from "../cli/options";
import { baseOutput } from "./base";
import type { Rows } from "./findings";
import { readOutput } from "./output";
import { type ChangedReport, reportChanges } from "./report";
import { synthesize } from "./synth";

/** What every tenant is made from: a change of one of these is meant for more than one. */
const SHARED_PATHS = [
  "cdktf.json",
  "charts",
  "config",
  "constructs",
  "functions",
  "main.ts",
  "package-lock.json",
  "stacks",
  "tenancy",
];

export interface ChangedInput extends TenantsInput {
  /** Git ref to compare with. */
  readonly base?: string;
  /** Folder of an earlier synth to compare with, instead of one at `base`. */
  readonly against?: string;
  /**
   * Folder of a synth of the working tree.
   * @default - it is synthesized
   */
  readonly out?: string;
}

/** Output folders of both sides of a change. */
export interface Sides {
  readonly before: string;
  readonly after: string;
}

/**
 * Compares the working tree's synth with an earlier one.
 *
 * @throws UsageError if there is neither a base nor a folder to compare with, or what they name does not exist
 * @throws InputError if a side does not synthesize
 */
export async function changed(input: ChangedInput): Promise<ChangedReport> {
  return withSides(input, (sides) => compareSides(input, sides));
}

/**
 * Synthesizes what there is no folder of, both sides at once, and takes away the working tree's synth when `use` is done.
 *
 * @throws UsageError if there is neither a base nor a folder to compare with, or the base does not exist
 * @throws InputError if the tenants file is wrong or a side does not synthesize
 */
export async function withSides<T>(input: ChangedInput, use: (sides: Sides) => T): Promise<T> {
  const { base, against, out, path, environment } = input;
  if (base === undefined && against === undefined) {
    throw new UsageError("give --base <ref> or --against <folder>");
  }
  // What is wrong with the command line or the rows is said before anything is synthesized.
  if (base !== undefined) {
    commitOf(dirname(path), base);
  }
  loadTenants(path, environment);
  const scratch = mkdtempSync(join(tmpdir(), "taskflow-changed-"));
  const shared = { project: ROOT, environment: environment.name, tenants: path };
  const synths = [
    against ?? baseOutput({ ...shared, ref: base ?? "" }),
    out ?? synthesize({ ...shared, outdir: scratch, what: "the working tree" }).then(() => scratch),
  ];
  try {
    const [before = "", after = ""] = await Promise.all(synths);
    return use({ before, after });
  } finally {
    // A synth that is still running would write into a folder that is gone.
    await Promise.allSettled(synths);
    rmSync(scratch, { recursive: true });
  }
}

/** Compares two synths, and the rows of the tenants file with those at the base. */
export function compareSides(input: ChangedInput, { before, after }: Sides): ChangedReport {
  const { base, against, path, environment } = input;
  return reportChanges({
    base: base ?? against ?? "",
    before: readOutput(before, "--against"),
    after: readOutput(after, "--out"),
    fleet: loadTenants(path, environment),
    sharedFiles: base === undefined ? [] : sharedFiles(base, path),
    ...(base === undefined ? {} : { rows: rowsSince(base, input) }),
  });
}

function rowsSince(ref: string, { path, file, environment }: ChangedInput): Rows {
  const before = rowsById(textAt(ref, path), environment);
  const after = rowsById(readFileSync(path, "utf8"), environment);
  return { baseFile: `${ref}:${file}`, file, before, after, changes: rowChanges(before, after) };
}

/** Tracked files that differ from the ref, and new ones that nobody has added yet, in the repository of the tenants file. */
function sharedFiles(ref: string, path: string): readonly string[] {
  const commit = commitOf(dirname(path), ref);
  const repository = git(dirname(path), ["rev-parse", "--show-toplevel"]).trimEnd();
  const tracked = git(repository, ["diff", "--name-only", commit, "--", ...SHARED_PATHS]);
  const untracked = git(repository, ["ls-files", "--others", "--exclude-standard", "--", ...SHARED_PATHS]);
  return [...new Set(`${tracked}${untracked}`.split("\n").filter((name) => name !== ""))].sort();
}

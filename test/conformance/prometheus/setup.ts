import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateRows, tenantsJson } from "../../support/fleet";
import { report } from "../engines/cache";
import { Run } from "../run";
import { synthesize } from "../synthesize";
import { ensurePrometheus } from "./binaries";
import { ensureMoto } from "./moto";

/** Tenants that the platform is built for (brief). */
const TENANTS = 500;

/** Makes sure of the programs and synthesizes the project for a full fleet; each test file starts engines of its own. */
export default async function setup(): Promise<void> {
  const run = Run.create();
  try {
    await ensurePrometheus();
    await ensureMoto();
    const tenants = join(run.folder, "tenants.json");
    writeFileSync(tenants, tenantsJson(generateRows(TENANTS)));
    process.env["TASKFLOW_TENANTS"] = tenants;
    run.outDir = await synthesize(join(run.folder, "cdktf.out"), new AbortController().signal);
  } catch (error) {
    run.close();
    report("set-up of Prometheus' test failed");
    throw error;
  }
}

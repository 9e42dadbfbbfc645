import "./sql-text";

import { writeFileSync } from "node:fs";

import { provision, PROVISIONER } from "../functions/tenant-database/src";
import { closeRun, unpackForRun } from "../test/conformance/database/programs";
import { bootstrapServer, CountingDatabase, provisionAll } from "../test/conformance/database/provisioned";
import { Server } from "../test/conformance/database/server";
import { tenantInput, tenantInputs } from "../test/conformance/database/tenants";
import { POSTGRES_RELEASES } from "../test/conformance/engines/postgres-binaries";
import type { Run } from "../test/conformance/run";

/** What this leaves: figures, or why there is no PostgreSQL here. */
export type Provisioning =
  | { readonly missing: string }
  | {
      readonly missing?: undefined;
      readonly version: string;
      readonly fleetSeconds: number;
      readonly tenantSeconds: number;
      /** Of one tenant. */
      readonly roundTrips: number;
    };

/** One server, filled and asked for one tenant more: `provisioning.ts <tenants> <workers> <result.json>`. */
const [tenants = "500", workers = "8", result = "provisioning.json"] = process.argv.slice(2);

/** Single tenants; the fastest counts, since anything else only makes one slower. */
const SINGLE_RUNS = 5;

async function measure(): Promise<Provisioning> {
  const release = POSTGRES_RELEASES.platform;
  const server = await Server.start("bench", release);
  try {
    await bootstrapServer(server, release);
    const started = performance.now();
    await provisionAll(server, tenantInputs(Number(tenants)), Number(workers));
    const fleetSeconds = (performance.now() - started) / 1_000;
    const db = new CountingDatabase(await server.connect(PROVISIONER));
    const times: number[] = [];
    for (let run = 0; run < SINGLE_RUNS; run++) {
      const before = performance.now();
      await provision(db, tenantInput(`one-more-${run}`));
      times.push((performance.now() - before) / 1_000);
    }
    const roundTrips = db.roundTrips / SINGLE_RUNS;
    return { version: release.version, fleetSeconds, tenantSeconds: Math.min(...times), roundTrips };
  } finally {
    await server.stop();
  }
}

async function main(): Promise<void> {
  let run: Run;
  try {
    run = await unpackForRun([POSTGRES_RELEASES.platform]);
  } catch (error) {
    const missing: Provisioning = { missing: String(error).split("\n", 1).join() };
    writeFileSync(result, JSON.stringify(missing));
    return;
  }
  try {
    writeFileSync(result, JSON.stringify(await measure()));
  } finally {
    closeRun(run);
  }
}

void main();

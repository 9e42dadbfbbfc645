import type { Client } from "pg";
import {
  type ActionResult,
  bootstrap,
  type Database,
  provision,
  PROVISIONER,
  type TenantInput,
} from "../../../functions/tenant-database/src";
import { type PostgresRelease, POSTGRES_RELEASES } from "../engines/postgres-binaries";
import { SUPERUSER } from "../engines/postgres";
import { MASTER, type Server } from "./server";

/** A client as the tenant-database function takes it, which counts the round trips. */
export class CountingDatabase implements Database {
  private count = 0;

  public constructor(private readonly client: Client) {}

  /** Round trips so far. */
  public get roundTrips(): number {
    return this.count;
  }

  public async query(sql: string, values?: readonly unknown[]): ReturnType<Database["query"]> {
    this.count += 1;
    const result: unknown = await this.client.query(sql, values === undefined ? undefined : [...values]);
    // Text of many statements has a result for each.
    const last: unknown = Array.isArray(result) ? result.at(-1) : result;
    return last as Awaited<ReturnType<Database["query"]>>;
  }
}

/**
 * Bootstraps a new server as production does: by the master, which is no superuser. Before PostgreSQL 16 a master that may
 * create roles could not make the provisioner without staying a member of it, so there a superuser does. The event trigger
 * comes by a superuser everywhere: RDS alone lets its `rds_superuser` make one.
 */
export async function bootstrapServer(server: Server, release: PostgresRelease): Promise<readonly ActionResult[]> {
  const isOldest = release.version === POSTGRES_RELEASES.oldest.version;
  const master = await server.connect(isOldest ? SUPERUSER : MASTER);
  const superuser = await server.connect(SUPERUSER);
  return [
    await bootstrap(new CountingDatabase(master), { eventTrigger: false }),
    await bootstrap(new CountingDatabase(superuser), { eventTrigger: true }),
  ];
}

/** What is done to each tenant. */
type Action = (db: Database, tenant: TenantInput) => Promise<ActionResult>;

/** Runs an action on tenants, each worker with a connection of its own to take the next tenant by. */
export async function byWorkers(
  server: Server,
  tenants: readonly TenantInput[],
  workers: number,
  action: Action,
): Promise<void> {
  const waiting = [...tenants];
  const work = async (): Promise<void> => {
    const client = await server.connect(PROVISIONER);
    const db = new CountingDatabase(client);
    for (let tenant = waiting.shift(); tenant !== undefined; tenant = waiting.shift()) {
      await action(db, tenant);
    }
    await client.end();
  };
  await Promise.all(Array.from({ length: workers }, work));
}

/** Provisions tenants by so many workers. */
export function provisionAll(server: Server, tenants: readonly TenantInput[], workers: number): Promise<void> {
  return byWorkers(server, tenants, workers, provision);
}

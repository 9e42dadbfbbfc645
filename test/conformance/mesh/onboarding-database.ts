import { mkdirSync } from "node:fs";
import { archive, type ActionResult, provision, PROVISIONER, purge } from "../../../functions/tenant-database/src";
import { parseIdentity, parsePurge, parseTenant } from "../../../functions/tenant-database/src/tenant";
import { databaseRole, databaseSchema } from "../../../tenancy";
import { programsFolder } from "../database/folders";
import { bootstrapServer, CountingDatabase } from "../database/provisioned";
import { Server } from "../database/server";
import { ensurePostgresReleases, POSTGRES_RELEASES, unpackPostgres } from "../engines/postgres-binaries";
import { SUPERUSER } from "../engines/postgres";
import { Run } from "../run";
import type { Invocation } from "./onboarding-difference";

const RELEASE = POSTGRES_RELEASES.platform;

/** The fleet's database, and the function `tenant-database` at work on it, without AWS between. */
export class FleetDatabase {
  private constructor(
    private readonly server: Server,
    private readonly provisioner: CountingDatabase,
  ) {}

  /** Starts a server and bootstraps it as production does. */
  public static async start(): Promise<FleetDatabase> {
    const programs = programsFolder(Run.current());
    await ensurePostgresReleases([RELEASE]);
    mkdirSync(programs, { recursive: true });
    await unpackPostgres(RELEASE, programs);
    const server = await Server.start("onboarding-database", RELEASE);
    try {
      await bootstrapServer(server, RELEASE);
      return new FleetDatabase(server, new CountingDatabase(await server.connect(PROVISIONER)));
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  public stop(): Promise<void> {
    return this.server.stop();
  }

  /** Does what the function does with the event that Terraform sends. */
  public invoke({ action, input }: Invocation): Promise<ActionResult> {
    const { tenant } = input;
    return action === "delete"
      ? archive(this.provisioner, parseIdentity(tenant), new Date())
      : provision(this.provisioner, parseTenant(tenant));
  }

  /** What an operator invokes once the retention is over. */
  public purge(id: string, retainUntil: string, now: Date): Promise<ActionResult> {
    const tenant = { id, role: databaseRole(id), schema: databaseSchema(id), state: "purged", retainUntil };
    return purge(this.provisioner, parsePurge(tenant), now);
  }

  /** Logs in as the tenant and gives the names of the tables that it finds without naming a schema. */
  public async tablesSeenBy(id: string): Promise<readonly string[]> {
    const client = await this.server.connect(databaseRole(id));
    const { rows } = await client.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND pg_table_is_visible(oid) AND relnamespace <> 'pg_catalog'::regnamespace ORDER BY 1",
    );
    await client.end();
    return rows.map(({ name }) => name);
  }

  /** Writes a row as the tenant. */
  public async writeAs(id: string, email: string): Promise<void> {
    const client = await this.server.connect(databaseRole(id));
    await client.query("INSERT INTO users (email, display_name) VALUES ($1, 'Someone')", [email]);
    await client.end();
  }

  /** Schemas that bear the tenant's name, each with the number of rows in its `users`. */
  public async schemasOf(id: string): Promise<Readonly<Record<string, number>>> {
    const superuser = await this.server.connect(SUPERUSER);
    const { rows } = await superuser.query<{ name: string }>(
      "SELECT nspname AS name FROM pg_namespace WHERE strpos(nspname, $1) > 0 ORDER BY 1",
      [databaseSchema(id)],
    );
    const counts: [string, number][] = [];
    for (const { name } of rows) {
      const { rowCount } = await superuser.query(`SELECT FROM ${name}.users`);
      counts.push([name, rowCount ?? 0]);
    }
    await superuser.end();
    return Object.fromEntries(counts);
  }
}

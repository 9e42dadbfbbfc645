import type { Client } from "pg";
import type { TenantInput } from "../../../functions/tenant-database/src";
import type { PostgresRelease } from "../engines/postgres-binaries";
import { SUPERUSER } from "../engines/postgres";
import type { Party, SharedTable, World } from "./attacks";
import { bootstrapServer, provisionAll } from "./provisioned";
import { Server } from "./server";
import { tenantInput } from "./tenants";

/** A server with an attacker and its victim, both with rows in every table that they have. */
export interface TwoTenants {
  readonly server: Server;
  readonly world: World;
  /** The superuser's session, to arrange and to look. */
  readonly superuser: Client;
}

const ATTACKER = tenantInput("attacker");
const VICTIM = tenantInput("victim");

/** Starts a server, provisions both tenants and has each write its rows. */
export async function startTwoTenants(name: string, release: PostgresRelease): Promise<TwoTenants> {
  const server = await Server.start(name, release);
  try {
    await bootstrapServer(server, release);
    await provisionAll(server, [ATTACKER, VICTIM], 1);
    const superuser = await server.connect(SUPERUSER);
    const attacker = await settle(server, ATTACKER);
    const victim = await settle(server, VICTIM);
    const world = {
      attacker,
      victim,
      shared: await sharedTables(superuser),
      platform: await platformTables(superuser),
    };
    return { server, world, superuser };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A tenant's work: a row in each of its tables and of the shared ones, and a large object. The session stays open. */
async function settle(server: Server, { id, role, schema }: TenantInput): Promise<Party> {
  const client = await server.connect(role);
  await client.query(`
    INSERT INTO users (email, display_name) VALUES ('someone@${id}.example', 'Someone');
    INSERT INTO projects (name, owner_id) SELECT 'secret of ${id}', user_id FROM users;
    INSERT INTO tasks (project_id, title) SELECT project_id, 'secret task of ${id}' FROM projects;
    INSERT INTO shared.usage_events (tenant_id, kind, quantity) VALUES ('${id}', 'requests', 1);
    INSERT INTO shared.audit_events (tenant_id, actor, action, subject) VALUES ('${id}', 'someone', 'create', 'project');
  `);
  const object = await numberOf(client, "SELECT lo_from_bytea(0, 'secret')::int8::int4");
  const tables = await tablesOf(client, schema);
  return { id, role, schema, tables, largeObject: object, backend: await backendOf(client) };
}

/** Process of a client's session. */
export function backendOf(client: Client): Promise<number> {
  return numberOf(client, "SELECT pg_backend_pid()");
}

async function numberOf(client: Client, expression: string): Promise<number> {
  const { rows } = await client.query<{ value: number }>(`SELECT (${expression}) AS value`);
  const [row] = rows;
  if (row === undefined) {
    throw new Error(`no row for ${expression}`);
  }
  return row.value;
}

/** Tables of a schema. */
async function tablesOf(client: Client, schema: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = $1`,
    [schema],
  );
  return rows.map(({ name }) => name);
}

async function platformTables(superuser: Client): Promise<readonly string[]> {
  return tablesOf(superuser, "platform");
}

/** How a tenant writes to the shared tables that it may write to. */
const INSERTS: Readonly<Record<string, NonNullable<SharedTable["insert"]>>> = {
  "shared.usage_events": (tenant, key) =>
    `INSERT INTO shared.usage_events (tenant_id, event_id, kind, quantity) VALUES ('${tenant}', ${key}, 'probe', 1)`,
  "shared.audit_events": (tenant, key) =>
    `INSERT INTO shared.audit_events (tenant_id, event_id, actor, action, subject)
     VALUES ('${tenant}', ${key}, 'probe', 'probe', 'probe')`,
};

async function sharedTables(superuser: Client): Promise<readonly SharedTable[]> {
  const names = await tablesOf(superuser, "shared");
  return Promise.all(
    names.map(async (name) => {
      const insert = INSERTS[name];
      if (insert === undefined) {
        return { name };
      }
      const key = `SELECT event_id FROM ${name} WHERE tenant_id = $1`;
      const { rows } = await superuser.query<{ event_id: string }>(key, [VICTIM.id]);
      const [row] = rows;
      if (row === undefined) {
        throw new Error(`the victim has no row in ${name}`);
      }
      return { name, insert, victimsKey: row.event_id };
    }),
  );
}

import { type Client, DatabaseError } from "pg";
import { POSTGRES_RELEASES } from "../engines/postgres-binaries";
import { failuresOf, SQLSTATE, title } from "./attack";
import { ATTACKS } from "./attacks";
import { startTwoTenants, type TwoTenants } from "./two-tenants";

describe.each(Object.values(POSTGRES_RELEASES))("on PostgreSQL $version a tenant", (release) => {
  let tenants: TwoTenants;
  let attacker: Client;

  beforeAll(async () => {
    tenants = await startTwoTenants(`attacks-${release.version}`, release);
    attacker = await tenants.server.connect(tenants.world.attacker.role);
  });

  afterAll(async () => {
    await tenants.server.stop();
  });

  test("meets the server that it is said to meet", async () => {
    const { rows } = await attacker.query<{ server_version: string }>("SHOW server_version");
    expect(rows[0]?.server_version).toContain(release.version);
  });

  test.each(ATTACKS.map((attack) => [title(attack), attack] as const))("%s", async (_, attack) => {
    await attacker.query("BEGIN");
    try {
      expect(await failuresOf(attacker, attack, tenants.world)).toEqual([]);
    } finally {
      await attacker.query("ROLLBACK");
    }
  });

  // What follows takes a login of its own, or cannot run in a transaction.

  test("takes another tenant's name for its session: refused with 42501", async () => {
    const statement = `SET SESSION AUTHORIZATION ${tenants.world.victim.role}`;
    expect(await refusalOf(attacker.query(statement))).toBe(SQLSTATE.insufficientPrivilege);
  });

  test("changes the server's configuration: refused with 42501", async () => {
    const statement = "ALTER SYSTEM SET log_statement = 'none'";
    expect(await refusalOf(attacker.query(statement))).toBe(SQLSTATE.insufficientPrivilege);
  });

  test("creates or drops a database: refused with 42501", async () => {
    for (const statement of ["CREATE DATABASE probe", "DROP DATABASE postgres"]) {
      expect(await refusalOf(attacker.query(statement))).toBe(SQLSTATE.insufficientPrivilege);
    }
  });

  test("runs longer than its statement_timeout: refused with 57014", async () => {
    const client = await tenants.server.connect(tenants.world.attacker.role);
    await client.query("SET statement_timeout = 50");
    expect(await refusalOf(client.query("SELECT pg_sleep(5)"))).toBe(SQLSTATE.queryCanceled);
    await client.end();
  });

  test("has its tier's timeouts from its login on, without a SET", async () => {
    const client = await tenants.server.connect(tenants.world.attacker.role);
    const { rows } = await client.query<{ setting: string }>(
      `SELECT current_setting(name) AS setting FROM unnest(ARRAY['statement_timeout', 'lock_timeout',
         'idle_in_transaction_session_timeout', 'search_path']) AS name`,
    );
    expect(rows.map(({ setting }) => setting)).toEqual(["5s", "5s", "30s", tenants.world.attacker.schema]);
    await client.end();
  });

  test("ends its own sessions: accepted, for they are its own", async () => {
    const client = await tenants.server.connect(tenants.world.attacker.role);
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    const ended = await attacker.query(`SELECT 1 WHERE pg_terminate_backend(${rows[0]?.pid ?? 0})`);
    expect(ended.rowCount).toBe(1);
  });

  test("opens more connections than its tier's: refused with 53300, and its victim still gets in", async () => {
    const role = tenants.world.attacker.role;
    const opened: Client[] = [];
    let refusal: unknown;
    while (refusal === undefined && opened.length < 20) {
      await tenants.server.connect(role).then(
        (client) => opened.push(client),
        (error: unknown) => (refusal = error),
      );
    }
    expect(refusal).toMatchObject({ code: SQLSTATE.tooManyConnections });
    const victim = await tenants.server.connect(tenants.world.victim.role);
    await victim.end();
    await Promise.all(opened.map((client) => client.end()));
  });

  test("connects to another database: accepted, for it holds nothing of any tenant's and lets nothing be made", async () => {
    const client = await tenants.server.connect(tenants.world.attacker.role, "postgres");
    for (const statement of ["CREATE TABLE public.probe (id int)", "CREATE SCHEMA probe"]) {
      expect(await refusalOf(client.query(statement))).toBe(SQLSTATE.insufficientPrivilege);
    }
    await client.end();
  });
});

/** SQLSTATE of the error that the server ends a statement with; `undefined` where it runs. */
async function refusalOf(statement: Promise<unknown>): Promise<string | undefined> {
  try {
    await statement;
    return undefined;
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      throw error;
    }
    return error.code;
  }
}

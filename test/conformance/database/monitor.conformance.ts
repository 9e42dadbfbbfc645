import { once } from "node:events";
import type { Client } from "pg";
import { MONITOR, MONITOR_QUERIES } from "../../../functions/tenant-database/src";
import { POSTGRES_RELEASES } from "../engines/postgres-binaries";
import { SQLSTATE } from "./attack";
import { startTwoTenants, type TwoTenants } from "./two-tenants";

describe.each(Object.values(POSTGRES_RELEASES))("on PostgreSQL $version the metrics' role", (release) => {
  let tenants: TwoTenants;
  let monitor: Client;

  beforeAll(async () => {
    tenants = await startTwoTenants(`monitor-${release.version}`, release);
    monitor = await tenants.server.connect(MONITOR);
  });

  afterAll(async () => {
    await tenants.server.stop();
  });

  async function ask(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return (await monitor.query<Record<string, unknown>>(sql)).rows;
  }

  test("has its settings from its login on", async () => {
    const names = ["statement_timeout", "default_transaction_read_only"];
    expect(await ask(`SELECT current_setting(name) AS is FROM unnest('{${names.join()}}'::text[]) AS name`)).toEqual([
      { is: "10s" },
      { is: "on" },
    ]);
  });

  test("sees the state of every tenant's sessions", async () => {
    const { server, world } = tenants;
    const open = await server.connect(world.attacker.role);
    await open.query("BEGIN");
    const busy = await server.connect(world.attacker.role);
    const started = once(busy, "notice");
    const asleep = busy.query("DO 'BEGIN RAISE NOTICE ''started''; PERFORM pg_sleep(0.5); END'");
    await started;
    // Each tenant has the session that wrote its rows, which is idle.
    const expected = [
      { tenant: world.attacker.id, state: "active", count: "1" },
      { tenant: world.attacker.id, state: "idle", count: "1" },
      { tenant: world.attacker.id, state: "idle_in_transaction", count: "1" },
      { tenant: world.victim.id, state: "active", count: "0" },
      { tenant: world.victim.id, state: "idle", count: "1" },
      { tenant: world.victim.id, state: "idle_in_transaction", count: "0" },
    ];
    expect(await ask(MONITOR_QUERIES.connections)).toEqual(expected);
    await asleep;
    await Promise.all([open.end(), busy.end()]);
  });

  test("reads each tenant's connection limit", async () => {
    const limits = await ask(MONITOR_QUERIES["connection-limits"]);
    expect(limits.map(({ tenant }) => tenant)).toEqual(["attacker", "victim"]);
    expect(limits.every(({ count }) => Number(count) > 0)).toBe(true);
  });

  test("measures what a tenant's schema takes, as the server itself would", async () => {
    const { superuser, world } = tenants;
    await superuser.query(`INSERT INTO ${world.victim.schema}.users (tenant_id, email, display_name)
      SELECT '${world.victim.id}', n || '@example.com', repeat(gen_random_uuid()::text, 100) FROM generate_series(1, 2000) n`);
    await superuser.query("VACUUM ANALYZE");
    const [, victim] = await ask(MONITOR_QUERIES["schema-bytes"]);
    const exact = await superuser.query<{ bytes: string }>(
      `SELECT sum(pg_table_size(oid)) AS bytes FROM pg_class
       WHERE relnamespace = '${world.victim.schema}'::regnamespace AND relkind IN ('r', 'i')`,
    );
    // Without the maps of free and visible pages and the index of TOAST: 32 kB a table at this size.
    const ratio = Number(victim?.["bytes"]) / Number(exact.rows[0]?.bytes);
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThanOrEqual(1);
  });

  test.each([
    ["a tenant's table", "TABLE tenant_victim.users", SQLSTATE.insufficientPrivilege],
    ["a shared table", "TABLE shared.usage_events", SQLSTATE.insufficientPrivilege],
    ["the tenants' directory", "TABLE shared.tenant_directory", SQLSTATE.insufficientPrivilege],
    ["the applied versions", "TABLE platform.versions", SQLSTATE.insufficientPrivilege],
    ["passwords", "TABLE pg_authid", SQLSTATE.insufficientPrivilege],
    [
      "quoted values in statistics of columns",
      "SELECT 1 / count(*) FROM pg_stats WHERE schemaname ~ '^tenant'",
      "22012",
    ],
  ])("does not see %s", async (_what, sql, code) => {
    await expect(monitor.query(sql)).rejects.toMatchObject({ code });
  });

  test.each([
    ["write", "UPDATE platform.tenants SET tier = 'x'"],
    ["become a tenant", "SET ROLE tenant_victim"],
    ["end a session", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tenant_victim'"],
    ["make a temporary table", "CREATE TEMP TABLE probe (id int)"],
  ])("may not %s, even once it has left its read-only default", async (_what, sql) => {
    await monitor.query("SET default_transaction_read_only = off");
    await expect(monitor.query(sql)).rejects.toMatchObject({ code: SQLSTATE.insufficientPrivilege });
    await monitor.query("RESET default_transaction_read_only");
  });

  test("has three connections at most", async () => {
    const { server } = tenants;
    const others = await Promise.all([server.connect(MONITOR), server.connect(MONITOR)]);
    await expect(server.connect(MONITOR)).rejects.toMatchObject({ code: SQLSTATE.tooManyConnections });
    await Promise.all(others.map((client) => client.end()));
  });
});

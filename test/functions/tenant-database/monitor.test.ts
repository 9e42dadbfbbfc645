import { archive, bootstrap, MONITOR, MONITOR_QUERIES, provision } from "../../../functions/tenant-database/src";
import { tenant, TestServer } from "./fixture";

const BLOCK = 8_192;

describe("the metrics' role", () => {
  let server: TestServer;
  const ask = async (sql: string) => server.as(MONITOR, async (db) => (await db.query(sql)).rows);

  beforeAll(async () => {
    server = await TestServer.bootstrapped();
    await server.asProvisioner(async (db) => {
      await provision(db, tenant("acme"));
      await provision(db, tenant("paused", { state: "suspended", connectionLimit: 2 }));
      await provision(db, tenant("gone"));
      await archive(db, tenant("gone"), new Date("2026-11-24"));
    });
    await server.rows("analyze");
  });
  afterAll(() => server.stop());

  test("counts the connections of each tenant by state, with a zero where there are none", async () => {
    expect(await ask(MONITOR_QUERIES.connections)).toEqual(
      ["acme", "paused"].flatMap((name) =>
        ["active", "idle", "idle_in_transaction"].map((state) => ({ tenant: name, state, count: 0 })),
      ),
    );
  });

  test("reads each tenant's connection limit", async () => {
    expect(await ask(MONITOR_QUERIES["connection-limits"])).toEqual([
      { tenant: "acme", count: 6 },
      { tenant: "paused", count: 2 },
    ]);
  });

  test("measures tables, indexes and TOAST of each schema, an archived one too", async () => {
    const before = await ask(MONITOR_QUERIES["schema-bytes"]);
    expect(before).toEqual(["acme", "gone", "paused"].map((name) => ({ tenant: name, bytes: expect.any(Number) })));
    // Kept out of line: random text of 64 kB does not compress to a page.
    await server.rows(`insert into tenant_acme.users (email, display_name)
      select 'a@example.com', string_agg(gen_random_uuid()::text, '') from generate_series(1, 2000)`);
    await server.rows("vacuum analyze");
    const after = await ask(MONITOR_QUERIES["schema-bytes"]);
    expect(Number(after[0]?.["bytes"]) - Number(before[0]?.["bytes"])).toBeGreaterThan(5 * BLOCK);
    expect(after.slice(1)).toEqual(before.slice(1));
  });

  test.each([
    ["a tenant's table", "select from tenant_acme.users", "permission denied for schema tenant_acme"],
    ["an archived table", "select from archived_tenant_gone_20261124.users", "permission denied for schema archived_"],
    ["the shared tables", "select from shared.usage_events", "permission denied for schema shared"],
    ["the applied versions", "select from platform.versions", "permission denied for table versions"],
    ["passwords", "select from pg_authid", "permission denied for table pg_authid"],
  ])("is refused %s", async (_what, sql, message) => {
    await expect(ask(sql)).rejects.toThrow(message);
  });

  test.each([
    ["change a tenant's record", "update platform.tenants set tier = 'x'", "permission denied for table tenants"],
    ["end a session", "select pg_terminate_backend(pg_backend_pid())", "permission denied to terminate process"],
    ["become a tenant", "set role tenant_acme", "permission denied to set role"],
    ["read every table", "set role pg_read_all_data", "permission denied to set role"],
    ["make a role", "create role x", "permission denied to create role"],
  ])("may not %s", async (_what, sql, message) => {
    await expect(ask(sql)).rejects.toThrow(message);
  });

  test.each([
    ["another attribute", `alter role ${MONITOR} bypassrls`],
    ["another membership", `grant pg_read_all_data to ${MONITOR}`],
  ])("with %s is refused by the bootstrap", async (_what, mutation) => {
    await server.as("postgres", async (db) => {
      await db.query(`begin; ${mutation}`);
      await expect(bootstrap(db)).rejects.toThrow(
        "ISOLATION: role platform_monitor must have LOGIN, no other attribute, and no membership but in rds_iam and " +
          "pg_read_all_stats or pg_monitor",
      );
    });
  });
});

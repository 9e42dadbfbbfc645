import type { Client } from "pg";
import {
  archive,
  type Database,
  provision,
  PROVISIONER,
  purge,
  type TenantInput,
} from "../../../functions/tenant-database/src";
import { endState } from "../../functions/tenant-database/end-state";
import { POSTGRES_RELEASES } from "../engines/postgres-binaries";
import { SUPERUSER } from "../engines/postgres";
import { bootstrapServer, byWorkers, CountingDatabase, provisionAll } from "./provisioned";
import { Server } from "./server";
import { tenantInput, tenantInputs } from "./tenants";
import { backendOf } from "./two-tenants";

const ARCHIVED_ON = new Date("2026-11-24T12:00:00Z");
const RETAIN_UNTIL = "2027-03-31";
const PURGED_ON = new Date("2027-04-01T12:00:00Z");
const WORKERS = 8;

/** SQLSTATE of a login that the role may not make. */
const NO_LOGIN = "28000";

function suspend(db: Database, tenant: TenantInput) {
  return provision(db, { ...tenant, state: "suspended" });
}

function shutAway(db: Database, tenant: TenantInput) {
  return archive(db, tenant, ARCHIVED_ON);
}

function destroy(db: Database, tenant: TenantInput) {
  return purge(db, { ...tenant, state: "purged", retainUntil: RETAIN_UNTIL }, PURGED_ON);
}

/** Name of the schema that `shutAway` leaves. */
function archivedSchema({ schema }: TenantInput): string {
  return `archived_${schema}_20261124`;
}

describe.each(Object.values(POSTGRES_RELEASES))("on PostgreSQL $version", (release) => {
  let server: Server;
  let superuser: Client;
  let provisioner: CountingDatabase;

  beforeAll(async () => {
    server = await Server.start(`lifecycle-${release.version}`, release);
    await bootstrapServer(server, release);
    superuser = await server.connect(SUPERUSER);
    provisioner = new CountingDatabase(await server.connect(PROVISIONER));
  });

  afterAll(async () => {
    await server.stop();
  });

  async function rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return (await superuser.query<Record<string, unknown>>(sql)).rows;
  }

  /** A session of the tenant's in the middle of a transaction that has written and holds its locks. */
  async function inTransaction({ role }: TenantInput): Promise<Client> {
    const client = await server.connect(role);
    await client.query("BEGIN");
    await client.query("INSERT INTO users (email, display_name) VALUES ('unfinished@example.com', 'Someone')");
    await client.query("LOCK TABLE tasks IN ROW EXCLUSIVE MODE");
    return client;
  }

  /** Runs an action on a connection that the server ends after so many round trips. */
  async function interrupted(
    tenant: TenantInput,
    action: (db: Database, tenant: TenantInput) => Promise<unknown>,
    after: number,
  ): Promise<void> {
    const client = await server.connect(PROVISIONER);
    const backend = await backendOf(client);
    const counted = new CountingDatabase(client);
    const db: Database = {
      query: async (sql, values) => {
        const result = await counted.query(sql, values);
        if (counted.roundTrips === after) {
          await superuser.query(`SELECT pg_terminate_backend(${backend}, 5000)`);
        }
        return result;
      },
    };
    await expect(action(db, tenant)).rejects.toThrow();
  }

  test("a tenant is suspended, resumed, archived, brought back, archived again and purged, and keeps its rows until then", async () => {
    const tenant = tenantInput("whole-life");
    await provision(provisioner, tenant);
    const first = await server.connect(tenant.role);
    await first.query("INSERT INTO users (email, display_name) VALUES ('a@example.com', 'A')");
    await first.end();

    expect((await suspend(provisioner, tenant)).changed).toEqual(["record", "no login"]);
    await expect(server.connect(tenant.role)).rejects.toMatchObject({ code: NO_LOGIN });
    expect((await provision(provisioner, tenant)).changed).toEqual(["record", "login"]);
    expect((await shutAway(provisioner, tenant)).changed).toEqual([
      "no login",
      "group",
      `schema ${archivedSchema(tenant)}`,
      "record",
    ]);
    await expect(server.connect(tenant.role)).rejects.toMatchObject({ code: NO_LOGIN });
    expect(await rows(`SELECT email FROM ${archivedSchema(tenant)}.users`)).toEqual([{ email: "a@example.com" }]);

    await provision(provisioner, tenant);
    const back = await server.connect(tenant.role);
    expect((await back.query("SELECT email FROM users")).rows).toEqual([{ email: "a@example.com" }]);
    await back.end();

    await shutAway(provisioner, tenant);
    expect((await destroy(provisioner, tenant)).changed).toEqual([
      `schema ${archivedSchema(tenant)}`,
      `role ${tenant.role}`,
      "record",
    ]);
    expect(await rows(`SELECT FROM pg_namespace WHERE nspname LIKE '%${tenant.schema}%'`)).toEqual([]);
    await expect(provision(provisioner, tenant)).rejects.toThrow("TENANT_PURGED");
  });

  test.each([
    ["suspension", [provision], suspend],
    ["resumption", [provision, suspend], provision],
    ["archive", [provision], shutAway],
    ["return", [provision, shutAway], provision],
    ["purge", [provision, shutAway], destroy],
  ] as const)(
    "%s that the server cuts off anywhere comes to the same end when repeated, and then changes nothing",
    async (name, before, action) => {
      const prepare = async (tenant: TenantInput): Promise<void> => {
        for (const step of before) {
          await step(provisioner, tenant);
        }
      };
      const whole = tenantInput(`${name}-whole`);
      await prepare(whole);
      const trips = provisioner.roundTrips;
      await action(provisioner, whole);
      const needed = provisioner.roundTrips - trips;
      const expected = await endState(rows, whole.id);

      for (let after = 1; after < needed; after++) {
        const tenant = tenantInput(`${name}-cut-${after}`);
        await prepare(tenant);
        await interrupted(tenant, action, after);
        await action(provisioner, tenant);
        expect(await endState(rows, tenant.id)).toBe(expected);
        expect((await action(provisioner, tenant)).changed).toEqual([]);
      }
    },
  );

  test("an archive does not wait for the tenant's open transaction: its session ends and what it wrote is gone", async () => {
    const tenant = tenantInput("archived-busy");
    await provision(provisioner, tenant);
    const session = await inTransaction(tenant);
    expect((await shutAway(provisioner, tenant)).changed).toContain("sessions");
    await expect(session.query("COMMIT")).rejects.toThrow();
    expect(await rows(`SELECT FROM ${archivedSchema(tenant)}.users`)).toEqual([]);
  });

  test("a suspension ends the tenant's open transaction", async () => {
    const tenant = tenantInput("suspended-busy");
    await provision(provisioner, tenant);
    const session = await inTransaction(tenant);
    expect((await suspend(provisioner, tenant)).changed).toContain("sessions");
    await expect(session.query("COMMIT")).rejects.toThrow();
    expect(await rows(`SELECT FROM ${tenant.schema}.users`)).toEqual([]);
  });

  test("a purge ends a session that outlived an archive cut off after its commit, and its locks", async () => {
    const tenant = tenantInput("purged-busy");
    await provision(provisioner, tenant);
    const session = await inTransaction(tenant);
    // Its last round trip ends the sessions; the one before it is the commit.
    await interrupted(tenant, shutAway, 5);
    expect(await rows(`SELECT state FROM platform.tenants WHERE tenant_id = '${tenant.id}'`)).toEqual([
      { state: "archived" },
    ]);
    expect((await destroy(provisioner, tenant)).changed).toEqual([
      "sessions",
      `schema ${archivedSchema(tenant)}`,
      `role ${tenant.role}`,
      "record",
    ]);
    await expect(session.query("COMMIT")).rejects.toThrow();
  });

  test("of archives of one tenant at the same time one does it, and the others find nothing to do", async () => {
    const tenant = tenantInput("archived-often");
    await provision(provisioner, tenant);
    const changes: number[] = [];
    await byWorkers(
      server,
      Array.from({ length: WORKERS }, () => tenant),
      WORKERS,
      async (db) => {
        const result = await shutAway(db, tenant);
        changes.push(result.changed.length);
        return result;
      },
    );
    expect(changes.sort()).toEqual([...Array.from({ length: WORKERS - 1 }, () => 0), 4]);
  });

  test("archive and provision of one tenant at the same time leave one of the two, whole", async () => {
    const tenant = tenantInput("contested");
    const ends: Record<string, string> = {};
    for (const action of [shutAway, provision]) {
      await provision(provisioner, tenant);
      const { changed } = await action(provisioner, tenant);
      ends[changed.length > 0 ? "archived" : "active"] = await endState(rows, tenant.id);
    }
    for (let round = 0; round < 5; round++) {
      const racers = [shutAway, provision];
      await byWorkers(server, [tenant, tenant], 2, (db) => (racers.pop() ?? provision)(db, tenant));
      expect(Object.values(ends)).toContain(await endState(rows, tenant.id));
    }
  });

  test(`${WORKERS} workers archive, suspend and provision tenants at the same time without an error or a lost grant`, async () => {
    const fleet = tenantInputs(60);
    await provisionAll(server, fleet.slice(0, 40), WORKERS);
    await Promise.all([
      byWorkers(server, fleet.slice(0, 20), WORKERS, shutAway),
      byWorkers(server, fleet.slice(20, 40), WORKERS, suspend),
      byWorkers(server, fleet.slice(40), WORKERS, provision),
    ]);
    await byWorkers(server, fleet.slice(0, 10), WORKERS, destroy);
    expect(
      await rows(
        `SELECT state, count(*)::int FROM platform.tenants WHERE tenant_id LIKE 't-%' GROUP BY state ORDER BY 1`,
      ),
    ).toEqual([
      { state: "active", count: 20 },
      { state: "archived", count: 10 },
      { state: "purged", count: 10 },
      { state: "suspended", count: 20 },
    ]);
    // What has lost something would be mended here, and say so.
    await byWorkers(server, fleet.slice(20), WORKERS, async (db, tenant) => {
      const asLeft = fleet.indexOf(tenant) < 40 ? suspend : provision;
      const result = await asLeft(db, tenant);
      expect(result.changed).toEqual([]);
      return result;
    });
    await byWorkers(server, fleet.slice(10), WORKERS, provision);
    for (const { role } of fleet.slice(10)) {
      const client = await server.connect(role);
      await client.query("SELECT FROM project_progress, shared.tenant_directory");
      await client.end();
    }
  });
});

import {
  archive,
  type CopyDatabase,
  provision,
  purge,
  restore,
  type TenantInput,
} from "../../../functions/tenant-database/src";
import { endState } from "./end-state";
import { counting, failing, tenant, TestServer } from "./fixture";

const REQUESTED_AT = new Date("2026-11-28T10:55:07Z");
const LATER = new Date("2026-11-28T11:20:00Z");

/** What the tenant had when the backup was made. */
const BACKED_UP = `
  insert into users (email, display_name) values ('a@example.com', 'A'), ('b@example.com', E'tab\\t\\\\N''"');
  insert into projects (name, owner_id) select 'project', user_id from users where email = 'a@example.com';
  insert into tasks (project_id, title, due_on) select project_id, 'task ' || n, '2026-12-24' from projects, generate_series(1, 20) n;`;

describe("restore", () => {
  let live: TestServer;
  let copy: TestServer;

  beforeAll(async () => {
    [live, copy] = await Promise.all([TestServer.copying(), TestServer.copying()]);
  }, 30_000);
  afterAll(() => Promise.all([live.stop(), copy.stop()]));

  /** The same tenant on both servers, whose rows on the live one have come to grief. */
  async function damaged(id: string): Promise<TenantInput> {
    const input = tenant(id);
    await copy.asProvisioner((db) => provision(db, input));
    await copy.as(input.role, (db) => db.query(`set search_path = ${input.schema}; ${BACKED_UP}`));
    await live.asProvisioner((db) => provision(db, input));
    await live.as(input.role, (db) =>
      db.query(`insert into ${input.schema}.users (email, display_name) values ('after@example.com', 'After')`),
    );
    return input;
  }

  type Wrap = (db: CopyDatabase) => CopyDatabase;
  const same: Wrap = (db) => db;

  function run(input: TenantInput, requestedAt = REQUESTED_AT, wrapTarget = same, wrapSource = same) {
    return copy.asProvisioner((source) =>
      live.asProvisioner((db) => {
        const target = wrapTarget(db);
        // PGlite has one session, so that what happens beside the transaction happens in it.
        return restore({ source: wrapSource(source), target, beside: (work) => work(target) }, input, requestedAt);
      }),
    );
  }

  const contents = (server: TestServer, schema: string) =>
    server.rows(`select (select json_agg(u order by email) from ${schema}.users u)::text as users,
                        (select json_agg(p) from ${schema}.projects p)::text as projects,
                        (select json_agg(t order by title) from ${schema}.tasks t)::text as tasks`);

  test("brings the tenant's rows back, and keeps what it had under another name", async () => {
    const input = await damaged("back");
    await expect(run(input)).resolves.toEqual({
      action: "restore",
      changed: [
        "table projects: 1 rows",
        "table tasks: 20 rows",
        "table users: 2 rows",
        "schema replaced_tenant_back_20261128105507",
        "grants",
        "login",
      ],
    });
    expect(await contents(live, "tenant_back")).toEqual(await contents(copy, "tenant_back"));
    expect(await live.rows("select email from replaced_tenant_back_20261128105507.users")).toEqual([
      { email: "after@example.com" },
    ]);
  });

  test("leaves role, grants, policies and record as provision makes them, and changes nothing when repeated", async () => {
    const input = await damaged("whole");
    const before = (await endState((sql) => live.rows(sql), "whole")).replaceAll("replaced_NAME_20261128105507", "");
    await run(input);
    await expect(run(input)).resolves.toMatchObject({ changed: [] });
    await expect(live.asProvisioner((db) => provision(db, input))).resolves.toMatchObject({ changed: [] });
    await live.rows("drop schema replaced_tenant_whole_20261128105507 cascade");
    expect(await endState((sql) => live.rows(sql), "whole")).toBe(before);
  });

  test("a suspended tenant stays shut out", async () => {
    const input = { ...(await damaged("waits")), state: "suspended" as const };
    await expect(run(input)).resolves.toMatchObject({ action: "restore" });
    expect(await live.rows("select rolcanlogin from pg_roles where rolname = 'tenant_waits'")).toEqual([
      { rolcanlogin: false },
    ]);
  });

  test("a schema that is gone comes back, and so does a tenant that was archived when the backup was made", async () => {
    const input = await damaged("gone");
    await copy.asProvisioner((db) => archive(db, input, REQUESTED_AT));
    await live.rows("drop schema tenant_gone cascade");
    await run(input);
    expect(await contents(live, "tenant_gone")).toEqual(await contents(copy, "archived_tenant_gone_20261128"));
  });

  test("rows of the shared tables stay as they are", async () => {
    const input = await damaged("billed");
    const event = "insert into shared.usage_events (tenant_id, kind, quantity) values ('billed', 'requests', 7)";
    await live.as(input.role, (db) => db.query(event));
    await run(input);
    expect(await live.rows("select quantity from shared.usage_events where tenant_id = 'billed'")).toEqual([
      { quantity: 7 },
    ]);
  });

  test("cut off after any statement it leaves the tenant what it had, and comes to the same end when repeated", async () => {
    const ends = new Set<string>();
    const end = async (id: string) => ends.add(await endState((sql) => live.rows(sql), id));
    let trips = 0;
    const whole = await damaged("cut-whole");
    await run(whole, REQUESTED_AT, (db) => {
      const counted = counting(db);
      return {
        ...counted,
        query: (sql, values) => counted.query(sql, values).finally(() => (trips = counted.trips())),
      };
    });
    await end("cut-whole");
    expect(trips).toBeGreaterThan(15);
    for (let after = 1; after < trips; after++) {
      const input = await damaged(`cut-${after}`);
      const had = await contents(live, input.schema);
      await expect(run(input, REQUESTED_AT, (db) => failing(db, after))).rejects.toThrow("connection lost");
      expect(await contents(live, input.schema)).toEqual(had);
      await run(input);
      await end(`cut-${after}`);
    }
    expect(ends.size).toBe(1);
  }, 60_000);

  describe("refuses", () => {
    const refused = async (input: TenantInput, ...wraps: readonly Wrap[]) => {
      const had = await endState((sql) => live.rows(sql), input.id);
      const error: unknown = await run(input, LATER, ...wraps).catch((failure: unknown) => failure);
      expect(await endState((sql) => live.rows(sql), input.id)).toBe(had);
      return String(error);
    };

    test("a copy whose checksum differs", async () => {
      const input = await damaged("altered");
      const swapped: Wrap = (db) => ({
        ...db,
        query: async (sql, values) => {
          if (/count\(\*\).*"tasks"/s.test(sql)) {
            await db.query(
              "update restoring_tenant_altered_20261128112000.tasks set title = 'x' where title = 'task 7'",
            );
          }
          return db.query(sql, values);
        },
      });
      expect(await refused(input, swapped)).toMatch(
        /RESTORE_MISMATCH: table tasks: source 20 rows, checksum (\S+); copy 20 rows, checksum (?!\1)/,
      );
    });

    test("a copy that lacks a row", async () => {
      const input = await damaged("short");
      const short: Wrap = (db) => ({
        ...db,
        query: async (sql, values) => {
          if (/count\(\*\).*"tasks"/s.test(sql)) {
            await db.query("delete from restoring_tenant_short_20261128112000.tasks where title = 'task 7'");
          }
          return db.query(sql, values);
        },
      });
      expect(await refused(input, short)).toMatch(/RESTORE_MISMATCH: table tasks: source 20 rows.*; copy 19 rows/);
    });

    test("a source that does not know the tenant", async () => {
      const input = tenant("unknown");
      await live.asProvisioner((db) => provision(db, input));
      expect(await refused(input)).toContain(
        'RESTORE_SOURCE: tenant "unknown" is unknown on the source, without a schema',
      );
    });

    test("rows of another tenant in the tenant's schema", async () => {
      const input = await damaged("mixed");
      await copy.rows(`
        alter table tenant_mixed.users drop constraint users_tenant_id_check;
        insert into tenant_mixed.users (tenant_id, email, display_name) values ('other', 'o@example.com', 'O')`);
      expect(await refused(input)).toContain('violates check constraint "users_tenant_id_check"');
    });

    test("a table whose policies hide rows from the provisioner, whose count would miss them on both sides", async () => {
      const input = await damaged("hidden");
      await copy.rows("drop policy migrator on tenant_hidden.tasks");
      expect(await refused(input)).toContain("RESTORE_SOURCE: the provisioner may not read every row of tasks");
    });

    test("tables that the source's schema version does not have", async () => {
      const input = await damaged("other-shape");
      await copy.rows("alter table tenant_other_shape.tasks add column estimate integer");
      expect(await refused(input)).toMatch(/RESTORE_SOURCE: tables are .*estimate.*; its schema version has projects/);
    });

    test("a source at a schema version that nobody knows", async () => {
      const input = await damaged("newer");
      await copy.rows("insert into platform.versions (tenant_id, version, name) values ('newer', 2, 'unheard of')");
      expect(await refused(input)).toContain(
        'SCHEMA_VERSION: tenant "newer": the source is at version 2; known: 1 to 1',
      );
    });

    test("the live server itself as its source", async () => {
      const input = await damaged("itself");
      const itself = live.asProvisioner((db) =>
        restore({ source: db, target: db, beside: (work) => work(db) }, input, LATER),
      );
      await expect(itself).rejects.toThrow("RESTORE_SOURCE: the source is the live server itself");
    });
  });

  test("a purge drops what restores have replaced, and then the role that its policies name", async () => {
    const input = await damaged("leaves");
    await run(input);
    await damaged("leaves-not").then((other) => run(other));
    await live.asProvisioner((db) => archive(db, input, REQUESTED_AT));
    const purged = { ...input, state: "purged", retainUntil: "2027-03-31" };
    await expect(
      live.asProvisioner((db) => purge(db, purged, new Date("2027-04-01T00:00:00Z"))),
    ).resolves.toMatchObject({
      changed: [
        "schema replaced_tenant_leaves_20261128105507",
        "schema archived_tenant_leaves_20261128",
        "role tenant_leaves",
        "record",
      ],
    });
    expect(
      await live.rows("select from pg_namespace where nspname = 'replaced_tenant_leaves_not_20261128105507'"),
    ).toHaveLength(1);
  });
});

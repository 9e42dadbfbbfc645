import { archive, bootstrap, type Database, provision, purge } from "../../../functions/tenant-database/src";
import { endState } from "./end-state";
import { counting, failing, tenant, TestServer } from "./fixture";

const TODAY = new Date("2026-11-24T23:59:00Z");
const LATER = new Date("2027-04-01T00:00:00Z");

const purged = (id: string) => ({ ...tenant(id), state: "purged", retainUntil: "2027-03-31" });

describe("actions", () => {
  let server: TestServer;
  const rows = (sql: string) => server.rows(sql);
  const run = <T>(work: (db: Database) => Promise<T>): Promise<T> => server.asProvisioner(work);

  beforeAll(async () => {
    server = await TestServer.bootstrapped();
  });
  afterAll(() => server.stop());

  test("bootstrap changes nothing the second time", async () => {
    await expect(server.as("postgres", (db) => bootstrap(db))).resolves.toEqual({ action: "bootstrap", changed: [] });
  });

  test("provision makes all of a tenant, and nothing the second time", async () => {
    await expect(run((db) => provision(db, tenant("acme-corp")))).resolves.toEqual({
      action: "provision",
      changed: [
        "role tenant_acme_corp",
        "group",
        "rds_iam",
        "connection limit",
        "settings",
        "schema tenant_acme_corp",
        "record",
        "version 1",
        "grants",
        "login",
      ],
    });
    await expect(run((db) => provision(db, tenant("acme-corp")))).resolves.toMatchObject({ changed: [] });
  });

  test("provisioning takes at most ten round trips", async () => {
    await run(async (db) => {
      const counted = counting(db);
      await provision(counted, tenant("counted"));
      expect(counted.trips()).toBe(6);
    });
  });

  test("provision mends what has drifted", async () => {
    await run((db) => provision(db, tenant("drift")));
    await server.rows(
      "alter role tenant_drift connection limit 99; alter role tenant_drift set statement_timeout = 0;" +
        "revoke delete on tenant_drift.tasks from tenant_drift",
    );
    await expect(run((db) => provision(db, tenant("drift")))).resolves.toMatchObject({
      changed: ["connection limit", "settings", "grants"],
    });
  });

  test("a change of tier changes limits and record alone", async () => {
    await run((db) => provision(db, tenant("grows")));
    const grown = tenant("grows", { tier: "enterprise", connectionLimit: 20, statementTimeoutMs: 60_000 });
    await expect(run((db) => provision(db, grown))).resolves.toMatchObject({
      changed: ["connection limit", "settings", "record"],
    });
  });

  test("a tenant goes through its whole life and comes back where that is meant", async () => {
    const suspended = tenant("lives", { state: "suspended" });
    const canLogin = async () =>
      (await server.rows("select rolcanlogin from pg_roles where rolname = 'tenant_lives'"))[0];
    await run((db) => provision(db, tenant("lives")));
    await server.as("tenant_lives", (db) =>
      db.query("insert into tenant_lives.users (email, display_name) values ('a@example.com', 'A')"),
    );
    await expect(run((db) => provision(db, suspended))).resolves.toMatchObject({ changed: ["record", "no login"] });
    expect(await canLogin()).toEqual({ rolcanlogin: false });
    await expect(run((db) => provision(db, tenant("lives")))).resolves.toMatchObject({ changed: ["record", "login"] });
    expect(await canLogin()).toEqual({ rolcanlogin: true });

    await expect(run((db) => archive(db, tenant("lives"), TODAY))).resolves.toEqual({
      action: "archive",
      changed: ["no login", "group", "schema archived_tenant_lives_20261124", "record"],
    });
    await expect(run((db) => archive(db, tenant("lives"), LATER))).resolves.toMatchObject({ changed: [] });
    expect(await server.rows("select email from archived_tenant_lives_20261124.users")).toHaveLength(1);
    await expect(
      server.as("tenant_lives", (db) => db.query("select from archived_tenant_lives_20261124.users")),
    ).rejects.toThrow("permission denied for schema archived_tenant_lives_20261124");

    await expect(run((db) => provision(db, tenant("lives")))).resolves.toMatchObject({
      changed: ["group", "schema restored", "record", "grants", "login"],
    });
    await expect(
      server.as("tenant_lives", (db) => db.query("select email from tenant_lives.users")),
    ).resolves.toMatchObject({ rows: [{ email: "a@example.com" }] });

    await run((db) => archive(db, tenant("lives"), TODAY));
    await expect(run((db) => purge(db, purged("lives"), LATER))).resolves.toEqual({
      action: "purge",
      changed: ["schema archived_tenant_lives_20261124", "role tenant_lives", "record"],
    });
    await expect(run((db) => purge(db, purged("lives"), LATER))).resolves.toMatchObject({ changed: [] });
    await expect(run((db) => archive(db, tenant("lives"), LATER))).resolves.toMatchObject({ changed: [] });
    await expect(run((db) => provision(db, tenant("lives")))).rejects.toThrow(
      'TENANT_PURGED: tenant "lives" was purged; its id is not given again',
    );
  });

  test("archiving a tenant that was never made changes nothing", async () => {
    await expect(run((db) => archive(db, tenant("never-made"), TODAY))).resolves.toMatchObject({ changed: [] });
  });

  test("the longest id can be archived, day and all", async () => {
    const longest = tenant("a".repeat(40));
    await run((db) => provision(db, longest));
    const { changed } = await run((db) => archive(db, longest, TODAY));
    const schema = changed.find((change) => change.startsWith("schema "))?.slice("schema ".length);
    expect(schema).toMatch(/^archived_tenant_a+_[0-9a-f]{8}_20261124$/);
    expect(schema).toHaveLength(63);
    expect(await server.rows(`select from pg_namespace where nspname = '${schema}'`)).toHaveLength(1);
  });

  describe("purge refuses", () => {
    beforeAll(() => run((db) => provision(db, tenant("kept"))));

    test("before the day after retainUntil", async () => {
      await expect(run((db) => purge(db, purged("kept"), new Date("2027-03-31T23:59:59Z")))).rejects.toThrow(
        'RETENTION: tenant "kept" is kept until 2027-03-31',
      );
    });

    test("a tenant that tenants.json does not call purged", async () => {
      await expect(run((db) => purge(db, { ...purged("kept"), state: "offboarding" }, LATER))).rejects.toThrow(
        'NOT_PURGEABLE: tenant "kept" is offboarding; allowed: purged',
      );
    });

    test("a tenant that is not archived", async () => {
      await expect(run((db) => purge(db, purged("kept"), LATER))).rejects.toThrow(
        'NOT_PURGEABLE: tenant "kept" is active in the database; allowed: archived or purged',
      );
    });

    test("a tenant that was never made", async () => {
      await expect(run((db) => purge(db, purged("unmade"), LATER))).rejects.toThrow(
        'TENANT_UNKNOWN: tenant "unmade" was never provisioned',
      );
    });
  });

  test("provision refuses an unknown schema version, and one that is behind", async () => {
    await expect(run((db) => provision(db, tenant("ahead", { schemaVersion: 99 })))).rejects.toThrow(
      'SCHEMA_VERSION: tenant "ahead": version 99 is unknown; allowed: 1 to 1',
    );
    await run((db) => provision(db, tenant("behind")));
    await expect(run((db) => provision(db, tenant("behind", { schemaVersion: 0 })))).rejects.toThrow(
      'SCHEMA_VERSION: tenant "behind": version 0 is behind version 1, which is applied; versions only go up',
    );
  });

  test("provision refuses a schema that is not the provisioner's", async () => {
    await server.rows("create schema tenant_foreign");
    await expect(run((db) => provision(db, tenant("foreign")))).rejects.toThrow(
      'NAME_TAKEN: schema "tenant_foreign" belongs to postgres',
    );
  });

  const paths: readonly (readonly [
    string,
    (id: string) => Promise<unknown>,
    (db: Database, id: string) => Promise<unknown>,
  ])[] = [
    ["provision", async () => undefined, (db, id) => provision(db, tenant(id))],
    [
      "suspension",
      (id) => run((db) => provision(db, tenant(id))),
      (db, id) => provision(db, tenant(id, { state: "suspended" })),
    ],
    ["archive", (id) => run((db) => provision(db, tenant(id))), (db, id) => archive(db, tenant(id), TODAY)],
    [
      "purge",
      async (id) => {
        await run((db) => provision(db, tenant(id)));
        await run((db) => archive(db, tenant(id), TODAY));
      },
      (db, id) => purge(db, purged(id), LATER),
    ],
  ];

  test.each(paths)(
    "%s that is cut off after any statement comes to the same end when repeated",
    async (name, before, action) => {
      const whole = `${name}-whole`;
      await before(whole);
      const trips = await run(async (db) => {
        const counted = counting(db);
        await action(counted, whole);
        return counted.trips();
      });
      const expected = await endState(rows, whole);
      for (let after = 1; after <= trips; after++) {
        const id = `${name}-cut-${after}`;
        await before(id);
        await expect(run((db) => action(failing(db, after), id))).rejects.toThrow("connection lost");
        await run((db) => action(db, id));
        expect(await endState(rows, id)).toBe(expected);
        await run((db) => action(db, id));
      }
    },
  );
});

import { archive, bootstrap, type Database, provision, purge } from "../../../functions/tenant-database/src";
import { counting, failing, tenant, TestServer } from "./fixture";

/** RDS's master user: no superuser, owner of the database, ADMIN of RDS's roles. */
const MASTER = "taskflow_admin";
const MASTER_SQL = `
  create role ${MASTER} login createrole createdb;
  grant rds_iam, pg_signal_backend, pg_monitor to ${MASTER} with admin option, inherit false, set false;
  do $$ begin execute format('alter database %I owner to ${MASTER}', current_database()); end $$;
  alter schema public owner to ${MASTER};`;

describe("bootstrap", () => {
  test("refuses a tenant before it has run, and comes to its end after being cut off anywhere", async () => {
    const server = await TestServer.start();
    const run = (work: (db: Database) => Promise<unknown>) => server.as("postgres", work);
    await expect(run((db) => provision(db, tenant("early")))).rejects.toThrow(
      "NOT_BOOTSTRAPPED: run the action bootstrap first",
    );
    // Up to the commit itself, which is the last round trip and takes effect.
    for (let after = 1; after <= 4; after++) {
      await expect(run((db) => bootstrap(failing(db, after)))).rejects.toThrow("connection lost");
    }
    await expect(run((db) => bootstrap(db))).resolves.toEqual({ action: "bootstrap", changed: [] });
    await server.stop();
  });

  describe("as a master that is no superuser", () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await TestServer.start();
      await server.rows(MASTER_SQL);
    });
    afterAll(() => server.stop());

    test("makes everything in four round trips, and nothing the second time", async () => {
      await server.as(MASTER, async (db) => {
        const counted = counting(db);
        await expect(bootstrap(counted)).resolves.toEqual({
          action: "bootstrap",
          changed: [
            "role tenant_provisioner",
            "schemas platform and shared",
            "role platform_monitor",
            "rds_iam",
            "privileges of PUBLIC",
          ],
        });
        expect(counted.trips()).toBe(4);
      });
      await expect(server.as(MASTER, (db) => bootstrap(db))).resolves.toMatchObject({ changed: [] });
    });

    test("leaves the master no member of the provisioner, so that its password stays valid beside rds_iam", async () => {
      const rows = await server.rows(`select pg_has_role('${MASTER}', 'tenant_provisioner', 'member') as member,
        (select count(*)::int from pg_roles where rolname = 'taskflow_bootstrap') as helpers`);
      expect(rows).toEqual([{ member: false, helpers: 0 }]);
    });

    test("gives the metrics' role what RDS lets its master grant, and no more", async () => {
      const rows = await server.rows(`select g.rolname, inherit_option as inherits from pg_auth_members m
        join pg_roles r on r.oid = m.member join pg_roles g on g.oid = m.roleid
        where r.rolname = 'platform_monitor' order by 1`);
      expect(rows).toEqual([
        { rolname: "pg_monitor", inherits: true },
        { rolname: "rds_iam", inherits: false },
      ]);
    });

    test("the provisioner then does a tenant's whole life without the master", async () => {
      const id = tenant("lives");
      await server.asProvisioner(async (db) => {
        await provision(db, id);
        await archive(db, id, new Date("2026-11-24"));
        const gone = { ...id, state: "purged", retainUntil: "2026-11-30" };
        await expect(purge(db, gone, new Date("2026-12-01"))).resolves.toMatchObject({
          changed: ["schema archived_tenant_lives_20261124", "role tenant_lives", "record"],
        });
      });
    });

    test("refuses a provisioner that has got more rights since", async () => {
      await server.rows("alter role tenant_provisioner bypassrls");
      await expect(server.as(MASTER, (db) => bootstrap(db))).rejects.toThrow(
        "ISOLATION: role tenant_provisioner must have LOGIN and CREATEROLE, and neither",
      );
    });
  });
});

import { assertIsolation, provision } from "../../../functions/tenant-database/src";
import { tenant, TestServer } from "./fixture";

const A = tenant("aaa");
const B = tenant("bbb");

describe("isolation", () => {
  let server: TestServer;
  const asA = (sql: string) => server.as(A.role, (db) => db.query(sql));
  const asB = (sql: string) => server.as(B.role, (db) => db.query(sql));

  beforeAll(async () => {
    server = await TestServer.bootstrapped();
    for (const each of [A, B]) {
      await server.asProvisioner((db) => provision(db, each));
    }
    await asB(`insert into ${B.schema}.users (email, display_name) values ('b@example.com', 'B')`);
    await asB(`insert into shared.usage_events (tenant_id, kind, quantity) values ('bbb', 'task', 1)`);
  });
  afterAll(() => server.stop());

  test("the roles have these attributes and settings, and no more", async () => {
    expect(
      await server.rows(`select rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication,
        rolbypassrls, rolconnlimit, rolconfig from pg_roles
        where rolname in ('tenant_provisioner', 'taskflow_tenants', 'platform_monitor', 'tenant_aaa') order by 1`),
    ).toMatchSnapshot();
  });

  test("the memberships are these", async () => {
    expect(
      await server.rows(`select m.rolname as member, g.rolname as role, admin_option as admin, inherit_option as inherit,
        set_option as set from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles g on g.oid = a.roleid
        where m.rolname not like 'pg\\_%' order by 1, 2, 3`),
    ).toMatchSnapshot();
  });

  test("the grants are these", async () => {
    expect(
      await server.rows(`
        select coalesce(r.rolname, 'PUBLIC') as grantee, title, string_agg(privilege_type, ', ' order by privilege_type) as privileges
        from (
          select 'database' as title, datdba as owner, datacl as acl from pg_database where datname = current_database()
          union all select 'schema ' || nspname, nspowner, nspacl from pg_namespace
            where nspname in ('tenant_aaa', 'shared', 'platform', 'public')
          union all select nspname || '.' || relname, relowner, relacl from pg_class c join pg_namespace n on n.oid = relnamespace
            where nspname in ('tenant_aaa', 'shared', 'platform') and relkind in ('r', 'v')
        ) o cross join aclexplode(acl) x left join pg_roles r on r.oid = x.grantee
        where x.grantee <> owner group by 1, 2 order by 1, 2`),
    ).toMatchSnapshot();
  });

  test("a tenant works with its own rows, without naming itself", async () => {
    await asA(
      `insert into ${A.schema}.users (email, display_name) values ('a@example.com', 'A');
       insert into ${A.schema}.projects (name, owner_id) select 'P', user_id from ${A.schema}.users;
       insert into ${A.schema}.tasks (project_id, title, state) select project_id, 'T', 'done' from ${A.schema}.projects`,
    );
    const { rows } = await asA(`select tenant_id, tasks::int, done::int from ${A.schema}.project_progress`);
    expect(rows).toEqual([{ tenant_id: "aaa", tasks: 1, done: 1 }]);
  });

  test.each([
    ["reads another's table", `select * from tenant_bbb.users`, "permission denied for schema tenant_bbb"],
    ["writes another's table", `delete from tenant_bbb.users`, "permission denied for schema tenant_bbb"],
    [
      "writes a row of another into its own table",
      `insert into tenant_aaa.users (tenant_id, email, display_name) values ('bbb', 'x', 'x')`,
      "new row violates row-level security policy",
    ],
    [
      "writes another's usage",
      `insert into shared.usage_events (tenant_id, kind, quantity) values ('bbb', 'x', 1)`,
      "new row violates row-level security policy",
    ],
    ["acts as another", `set role tenant_bbb`, "permission denied to set role"],
    ["acts as the provisioner", `set role tenant_provisioner`, "permission denied to set role"],
    ["acts as the group", `set role taskflow_tenants`, "permission denied to set role"],
    ["reads the platform's records", `select * from platform.tenants`, "permission denied for schema platform"],
    ["truncates", `truncate tenant_aaa.tasks`, "permission denied for table tasks"],
    ["truncates what is shared", `truncate shared.usage_events`, "permission denied for table usage_events"],
    ["corrects usage", `update shared.usage_events set quantity = 0`, "permission denied for table usage_events"],
    ["makes a table in its schema", `create table tenant_aaa.x (i int)`, "permission denied for schema tenant_aaa"],
    ["makes a table in public", `create table public.x (i int)`, "permission denied for schema public"],
    ["makes a temporary table", `create temporary table x (i int)`, "permission denied to create temporary tables"],
    ["makes a schema", `create schema x`, "permission denied for database"],
    [
      "turns row-level security off",
      `alter table tenant_aaa.users disable row level security`,
      "must be owner of table users",
    ],
  ])("a tenant that %s is refused", async (_what, sql, message) => {
    await expect(asA(sql)).rejects.toThrow(message);
  });

  test("a tenant sees its own rows alone of what is shared", async () => {
    expect((await asA("select * from shared.usage_events")).rows).toEqual([]);
    expect((await asA("select tenant_id from shared.tenant_directory")).rows).toEqual([{ tenant_id: "aaa" }]);
    expect((await asB("select kind from shared.usage_events")).rows).toEqual([{ kind: "task" }]);
  });

  test("a new table is protected by itself and shows no row, to its owner either", async () => {
    const { rows } = await server.asProvisioner((db) =>
      db
        .query(
          `create table tenant_aaa.later (tenant_id text); insert into tenant_aaa.later values ('aaa');
                select * from tenant_aaa.later`,
        )
        .catch((error: unknown) => ({ rows: [{ error: String(error) }] })),
    );
    expect(rows).toEqual([{ error: expect.stringContaining("new row violates row-level security policy") }]);
  });

  test("a table that would lose the protection is refused", async () => {
    await expect(
      server.asProvisioner((db) => db.query("alter table tenant_aaa.users no force row level security")),
    ).rejects.toThrow("table tenant_aaa.users must keep row level security enabled and forced");
  });

  test.each([
    [
      "a table without FORCE",
      "alter event trigger taskflow_row_security disable; alter table tenant_aaa.users no force row level security",
      "tenant_aaa.users must have row level security enabled and forced",
    ],
    [
      "a table without a policy",
      "drop policy tenant_rows on tenant_aaa.users; drop policy migrator on tenant_aaa.users",
      "tenant_aaa.users has no policy",
    ],
    [
      "a policy for everybody",
      "create policy all_rows on tenant_aaa.users using (tenant_id = current_user)",
      "policy all_rows on tenant_aaa.users applies to other roles",
    ],
    [
      "a policy that is always true",
      "create policy all_rows on shared.usage_events to taskflow_tenants using (true)",
      "policy all_rows on shared.usage_events does not depend on the login role",
    ],
    [
      "a table of the tenant's own",
      "alter table tenant_aaa.users owner to tenant_aaa",
      "tenant_aaa.users is owned by tenant_aaa",
    ],
    [
      "a view with its owner's rights",
      "alter view tenant_aaa.project_progress reset (security_invoker)",
      "view tenant_aaa.project_progress must be security_invoker",
    ],
    [
      "a materialized view",
      "create materialized view tenant_aaa.m as select 1; alter materialized view tenant_aaa.m owner to tenant_provisioner",
      "tenant_aaa.m is a materialized view or foreign table",
    ],
    [
      "a definer function",
      "create function tenant_aaa.f() returns int language sql security definer as 'select 1'",
      "function tenant_aaa.f() runs as its owner",
    ],
    [
      "a unique key without the tenant",
      "create unique index probe on shared.audit_events (subject)",
      "must lead with tenant_id",
    ],
    [
      "a grant to another tenant",
      "grant select on tenant_aaa.users to tenant_bbb",
      "SELECT on tenant_aaa.users is granted to tenant_bbb",
    ],
    [
      "TRUNCATE",
      "grant truncate on tenant_aaa.users to tenant_aaa",
      "TRUNCATE on tenant_aaa.users is granted to tenant_aaa",
    ],
    [
      "CREATE in the schema",
      "grant create on schema tenant_aaa to tenant_aaa",
      "CREATE on schema tenant_aaa is granted to tenant_aaa",
    ],
    ["BYPASSRLS", "alter role tenant_aaa bypassrls", "role tenant_aaa must have neither SUPERUSER, BYPASSRLS"],
    [
      "membership in another tenant",
      "grant tenant_bbb to tenant_aaa",
      "role tenant_aaa must not be a member of tenant_bbb",
    ],
    [
      "another tenant as member",
      "grant tenant_aaa to tenant_bbb",
      "role tenant_bbb must not be a member of tenant_aaa",
    ],
    [
      "TEMP for PUBLIC",
      "do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$",
      "PUBLIC has TEMPORARY on the database",
    ],
  ])("the check finds %s", async (_what, mutation, finding) => {
    await server.as("postgres", async (db) => {
      await db.query(`begin; ${mutation}`);
      await expect(assertIsolation(db, A)).rejects.toThrow(finding);
    });
    await server.asProvisioner((db) => assertIsolation(db, A));
  });
});

import { Readable } from "node:stream";
import type { Client } from "pg";
import {
  type CopyDatabase,
  provision,
  PROVISIONER,
  restore,
  type RestoreServers,
  type TenantInput,
} from "../../../functions/tenant-database/src";
import { adapt } from "../../../functions/tenant-database/src/connection";
import { endState } from "../../functions/tenant-database/end-state";
import { POSTGRES_RELEASES } from "../engines/postgres-binaries";
import { failuresOf, title } from "./attack";
import { ATTACKS, type World } from "./attacks";
import { backendOf, startTwoTenants, type TwoTenants } from "./two-tenants";
import { tenantInput } from "./tenants";

const REQUESTED_AT = new Date("2026-11-28T10:55:07Z");

/** Rows in each of the tables that take part, enough for several chunks of COPY. */
const ROWS = 5_000;

/** What a tenant had when the backup was made. */
const BACKED_UP = `
  INSERT INTO users (email, display_name) SELECT n || '@example.com', E'tab\\t, back\\\\slash, \\u3042 ' || n FROM generate_series(1, ${ROWS}) n;
  INSERT INTO projects (name, owner_id) SELECT 'project ' || email, user_id FROM users;
  INSERT INTO tasks (project_id, title, due_on) SELECT project_id, repeat('task ', 20), '2026-12-24' FROM projects;`;

/** What befell it afterwards. */
const DAMAGE = "DELETE FROM tasks; DELETE FROM projects; DELETE FROM users WHERE email <> '1@example.com'";

describe.each(Object.values(POSTGRES_RELEASES))("on two servers of PostgreSQL $version", (release) => {
  let live: TwoTenants;
  let copy: TwoTenants;

  beforeAll(async () => {
    [live, copy] = (await Promise.all(
      ["live", "copy"].map((name) => startTwoTenants(`restore-${name}-${release.version}`, release)),
    )) as [TwoTenants, TwoTenants];
  });

  afterAll(() => Promise.all([live.server.stop(), copy.server.stop()]));

  async function as<T>({ server }: TwoTenants, role: string, work: (client: Client) => Promise<T>): Promise<T> {
    const client = await server.connect(role);
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  const rows = async (sql: string) => (await live.superuser.query<Record<string, unknown>>(sql)).rows;

  /** The tenant with the same rows on both servers, then damaged on the live one. */
  async function damaged(id: string): Promise<TenantInput> {
    const tenant = tenantInput(id);
    for (const side of [copy, live]) {
      await as(side, PROVISIONER, (client) => provision(adapt(client), tenant));
    }
    await as(copy, tenant.role, (client) => client.query(BACKED_UP));
    await as(live, tenant.role, (client) => client.query(`${BACKED_UP} ${DAMAGE}`));
    return tenant;
  }

  /** Runs a restore on connections of its own; `wrap` may stand between the action and a server. */
  function run(
    tenant: TenantInput,
    wrap: (servers: RestoreServers, clients: { source: Client; target: Client }) => RestoreServers = (servers) =>
      servers,
  ) {
    return as(copy, PROVISIONER, (source) =>
      as(live, PROVISIONER, (target) =>
        restore(
          wrap(
            {
              source: adapt(source),
              target: adapt(target),
              beside: (work) => as(live, PROVISIONER, (client) => work(adapt(client))),
            },
            { source, target },
          ),
          tenant,
          REQUESTED_AT,
        ),
      ),
    );
  }

  /** Number and checksum of the rows of a tenant's tables. */
  async function contents({ superuser }: TwoTenants, schema: string): Promise<unknown> {
    const tables = ["users", "projects", "tasks"].map(
      (table) =>
        `SELECT '${table}' AS name, count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM ${schema}.${table} t`,
    );
    return (await superuser.query(tables.join(" UNION ALL "))).rows;
  }

  test("a tenant's rows come back to the last, with role, grants and record as before, and what it had is kept", async () => {
    const tenant = await damaged("back");
    const before = await endState(rows, tenant.id);
    const { changed } = await run(tenant);
    expect(changed).toEqual([
      `table projects: ${ROWS} rows`,
      `table tasks: ${ROWS} rows`,
      `table users: ${ROWS} rows`,
      "schema replaced_tenant_back_20261128105507",
      "grants",
      "login",
    ]);
    expect(await contents(live, tenant.schema)).toEqual(await contents(copy, tenant.schema));
    expect(await rows("SELECT email FROM replaced_tenant_back_20261128105507.users")).toEqual([
      { email: "1@example.com" },
    ]);
    expect((await run(tenant)).changed).toEqual([]);
    await live.superuser.query("DROP SCHEMA replaced_tenant_back_20261128105507 CASCADE");
    expect(await endState(rows, tenant.id)).toBe(before);
    await as(live, tenant.role, (client) => client.query("UPDATE tasks SET state = 'done'"));
  });

  test("another tenant is as it was, and no attack on the restored one gets further than before", async () => {
    const { attacker, victim } = live.world;
    const untouched = await contents(live, attacker.schema);
    await live.superuser.query(`DELETE FROM ${victim.schema}.tasks`);
    await run(tenantInput(victim.id));
    expect(await contents(live, victim.schema)).toEqual(await contents(copy, victim.schema));
    expect(await contents(live, attacker.schema)).toEqual(untouched);

    const session = await live.server.connect(victim.role);
    const world: World = { ...live.world, victim: { ...victim, backend: await backendOf(session) } };
    const client = await live.server.connect(attacker.role);
    await client.query("BEGIN");
    const replaced = {
      name: "reads what a restore has put aside",
      expected: { kind: "refused", code: "42501" },
    } as const;
    const attacks = [
      ...ATTACKS,
      { ...replaced, attempts: () => [["SELECT FROM replaced_tenant_victim_20261128105507.users"]] },
    ];
    for (const attack of attacks) {
      expect([title(attack), await failuresOf(client, attack, world)]).toEqual([title(attack), []]);
    }
    await client.query("ROLLBACK");
    expect(
      await rows(
        `SELECT has_schema_privilege('${victim.role}', 'replaced_tenant_victim_20261128105507', 'usage') AS may`,
      ),
    ).toEqual([{ may: false }]);
    await expect(session.query("SELECT FROM replaced_tenant_victim_20261128105507.users")).rejects.toMatchObject({
      code: "42501",
    });
  });

  test("the tenant's open transaction is ended before the swap, and nothing of it is in the restored schema", async () => {
    const tenant = await damaged("busy");
    const session = await live.server.connect(tenant.role);
    await session.query("BEGIN");
    await session.query("INSERT INTO users (email, display_name) VALUES ('late@example.com', 'Late')");
    await run(tenant);
    await expect(session.query("COMMIT")).rejects.toThrow();
    expect(await contents(live, tenant.schema)).toEqual(await contents(copy, tenant.schema));
  });

  test("of two runs of one request one restores, and the other finds it done", async () => {
    const tenant = await damaged("twice");
    const results = await Promise.all([run(tenant), run(tenant)]);
    expect(results.map(({ changed }) => changed.length > 0).sort()).toEqual([false, true]);
    expect(await rows("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%tenant_twice%' ORDER BY 1")).toEqual([
      { nspname: "replaced_tenant_twice_20261128105507" },
      { nspname: "tenant_twice" },
    ]);
  });

  test("cut off by the server after any statement it leaves the tenant what it had, and then comes to the same end", async () => {
    let statements = 0;
    const counting = (db: CopyDatabase, after?: () => Promise<void>): CopyDatabase => ({
      ...db,
      query: async (sql, values) => {
        const result = await db.query(sql, values);
        statements += 1;
        await after?.();
        return result;
      },
    });
    await run(await damaged("entire"), (servers) => ({ ...servers, target: counting(servers.target) }));
    const needed = statements;
    expect(needed).toBeGreaterThan(15);
    const expected = await endState(rows, "entire");
    const tenant = await damaged("severed");
    const had = await contents(live, tenant.schema);
    for (let last = 1; last < needed; last++) {
      statements = 0;
      const cut = run(tenant, (servers, { target }) => {
        const after = () => (statements === last ? terminate(live, target) : Promise.resolve());
        return { ...servers, target: counting(servers.target, after) };
      });
      await expect(cut).rejects.toThrow();
      expect(await contents(live, tenant.schema)).toEqual(had);
      // Shut out for the swap, it was let in again.
      await as(live, tenant.role, (client) => client.query("SELECT FROM users"));
    }
    await run(tenant);
    expect(await endState(rows, tenant.id)).toBe(expected);
    expect(await contents(live, tenant.schema)).toEqual(await contents(copy, tenant.schema));
  });

  test.each(["source", "target"] as const)(
    "cut off at the %s in the middle of a COPY it leaves nothing behind",
    async (side) => {
      const tenant = await damaged(`copy-cut-${side}`);
      const had = await contents(live, tenant.schema);
      const servers = { source: copy, target: live };
      const cut = run(tenant, (connections, clients) => ({
        ...connections,
        source: {
          ...connections.source,
          copyTo: (sql) =>
            Readable.from(
              (async function* () {
                let isFirst = sql.includes("tasks");
                for await (const chunk of connections.source.copyTo(sql)) {
                  if (isFirst) {
                    isFirst = false;
                    await terminate(servers[side], clients[side]);
                  }
                  yield chunk as Buffer;
                }
              })(),
            ),
        },
      }));
      await expect(cut).rejects.toThrow();
      expect(await contents(live, tenant.schema)).toEqual(had);
      expect(await rows("SELECT FROM pg_namespace WHERE nspname LIKE 'restoring%'")).toEqual([]);
      await run(tenant);
      expect(await contents(live, tenant.schema)).toEqual(await contents(copy, tenant.schema));
    },
  );

  test("a copy that was changed on the way is not swapped in", async () => {
    const tenant = await damaged("altered");
    const had = await contents(live, tenant.schema);
    const altered = run(tenant, (servers) => ({
      ...servers,
      target: {
        ...servers.target,
        query: async (sql, values) => {
          if (/count\(\*\).*"tasks"/s.test(sql)) {
            await servers.target.query(
              "UPDATE restoring_tenant_altered_20261128105507.tasks SET due_on = '2026-12-25' WHERE ctid = '(0,1)'",
            );
          }
          return servers.target.query(sql, values);
        },
      },
    }));
    await expect(altered).rejects.toThrow(`RESTORE_MISMATCH: table tasks: source ${ROWS} rows`);
    expect(await contents(live, tenant.schema)).toEqual(had);
  });

  test("a server that holds another tenant's rows in the tenant's schema is refused", async () => {
    const tenant = await damaged("mixed");
    const had = await contents(live, tenant.schema);
    await copy.superuser.query(`
      ALTER TABLE ${tenant.schema}.users DROP CONSTRAINT users_tenant_id_check;
      INSERT INTO ${tenant.schema}.users (tenant_id, email, display_name) VALUES ('other', 'o@example.com', 'O')`);
    await expect(run(tenant)).rejects.toThrow('violates check constraint "users_tenant_id_check"');
    expect(await contents(live, tenant.schema)).toEqual(had);
  });

  test("a server that does not know the tenant, and the live one itself, are refused", async () => {
    const tenant = tenantInput("elsewhere");
    await as(live, PROVISIONER, (client) => provision(adapt(client), tenant));
    await expect(run(tenant)).rejects.toThrow('RESTORE_SOURCE: tenant "elsewhere" is unknown on the source');
    await expect(run(tenant, (servers) => ({ ...servers, source: servers.target }))).rejects.toThrow(
      "RESTORE_SOURCE: the source is the live server itself",
    );
  });
});

/** Ends a client's session as its server's superuser; the server knows it by the port of the client's side. */
async function terminate({ superuser }: TwoTenants, client: Client): Promise<void> {
  const { stream } = (client as unknown as { connection: { stream: { localPort: number } } }).connection;
  await superuser.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE client_port = ${stream.localPort}`,
  );
}

import type { Client } from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { provision, PROVISIONER } from "../../../functions/tenant-database/src";
import { adapt } from "../../../functions/tenant-database/src/connection";
import { endState } from "../../functions/tenant-database/end-state";
import { record } from "../criteria";
import { report } from "../engines/cache";
import { POSTGRES_RELEASES } from "../engines/postgres-binaries";
import { REPLICATOR, SUPERUSER } from "../engines/postgres";
import { measured } from "../page";
import { failuresOf, title } from "./attack";
import { ATTACKS, type World } from "./attacks";
import type { Server } from "./server";
import { backendOf, startTwoTenants, type TwoTenants } from "./two-tenants";
import { tenantInput } from "./tenants";

/** SQLSTATE of a write on a standby. */
const READ_ONLY = "25006";

/** Transactions of the tenant that writes until the primary is gone. */
const COMMITS = 500;

const NEWCOMER = tenantInput("newcomer");

async function query(client: Client, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await client.query<Record<string, unknown>>(sql)).rows;
}

describe.each(Object.values(POSTGRES_RELEASES))("a standby of PostgreSQL $version", (release) => {
  let primary: TwoTenants;
  let standby: Server;
  /** The superuser's session at the standby, which outlives the promotion. */
  let superuser: Client;
  /** What the function has left behind for each tenant, before the primary went. */
  const before = new Map<string, string>();
  const rows: string[][] = [];

  beforeAll(async () => {
    primary = await startTwoTenants(`failover-primary-${release.version}`, release);
    standby = await primary.server.startStandby(`failover-standby-${release.version}`);
    superuser = await standby.connect(SUPERUSER);
  });

  afterAll(async () => {
    await Promise.all([primary.server.stop(), standby.stop()]);
    if (release !== POSTGRES_RELEASES.platform) {
      return;
    }
    record({
      id: "Failover",
      title: "a region's database is lost, and its replica serves every tenant",
      text: [
        "Two tenants write to a server that a physical standby follows by streaming, asynchronously, as RDS's cross-region read",
        "replicas do. The server is killed, and the standby promoted with PostgreSQL's own function. What RDS adds to that, its",
        "minutes of restart and new endpoints, is not shown here.",
      ].join("\n"),
      columns: ["check", "to hold", "seen"],
      rows,
      engines: [`PostgreSQL ${release.version}`],
    });
  });

  /** Waits until the standby has replayed all that the primary has written. */
  async function caughtUp(): Promise<void> {
    const [written] = await query(primary.superuser, "SELECT pg_current_wal_lsn()::text AS lsn");
    const replayed = `SELECT pg_last_wal_replay_lsn() >= '${String(written?.["lsn"])}'::pg_lsn AS done`;
    while ((await query(superuser, replayed))[0]?.["done"] !== true) {
      await sleep(10);
    }
  }

  async function as<T>(role: string, work: (client: Client) => Promise<T>): Promise<T> {
    const client = await standby.connect(role);
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  const events = (kind: string) => `SELECT count(*)::int AS kept FROM shared.usage_events WHERE kind = '${kind}'`;
  const insert = (id: string, kind: string) =>
    `INSERT INTO shared.usage_events (tenant_id, kind, quantity) VALUES ('${id}', '${kind}', 1)`;

  test("a tenant reads there what it has written to the primary, and is refused every write", async () => {
    await caughtUp();
    for (const { id, role, tables } of [primary.world.attacker, primary.world.victim]) {
      await as(role, async (client) => {
        expect(await query(client, "SELECT email FROM users")).toEqual([{ email: `someone@${id}.example` }]);
        for (const statement of [...tables.map((table) => `DELETE FROM ${table}`), insert(id, "refused")]) {
          await expect(client.query(statement)).rejects.toMatchObject({ code: READ_ONLY });
        }
      });
    }
    rows.push(["a tenant's reads and writes on the standby", "read; refused", "read; refused"]);
  });

  test("the function makes no tenant there", async () => {
    const provisioning = as(PROVISIONER, (client) => provision(adapt(client), NEWCOMER));
    await expect(provisioning).rejects.toMatchObject({ code: READ_ONLY });
    rows.push(["a new tenant on the standby", "refused", "refused"]);
  });

  test("promoted once the primary is killed, it has every commit that it had replayed, and takes writes", async () => {
    const { victim } = primary.world;
    const writer = await primary.server.connect(victim.role);
    for (let commit = 0; commit < COMMITS; commit++) {
      await writer.query(insert(victim.id, "replicated"));
    }
    await caughtUp();
    for (const id of ["attacker", "victim"]) {
      before.set(id, await endState((sql) => query(primary.superuser, sql), id));
    }
    // From here on nothing reaches the standby any more.
    await primary.superuser.query(`ALTER ROLE ${REPLICATOR} NOLOGIN`);
    await primary.superuser.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_replication");
    await writer.query(insert(victim.id, "late"));
    await primary.server.postgres.stop("SIGKILL");

    const started = performance.now();
    await superuser.query("SELECT pg_promote(wait => true, wait_seconds => 30)");
    await as(victim.role, (client) => client.query(insert(victim.id, "promoted")));
    const took = performance.now() - started;

    const kept = (await query(superuser, events("replicated")))[0]?.["kept"] as number;
    const late = (await query(superuser, events("late")))[0]?.["kept"] as number;
    expect(kept).toBe(COMMITS);
    expect(late).toBe(0);
    report(`PostgreSQL ${release.version}: promoted and written to in ${took.toFixed(0)} ms`);
    rows.push(
      [`${COMMITS} commits that the standby had replayed when the primary was killed`, "none is lost", `${kept} kept`],
      ["counter-check: a commit while the standby was cut off", "is lost with the primary", `${late} kept`],
      ["from the order to promote to a tenant's first write", "takes writes", measured(took, "ms")],
    );
  });

  test("promoted it holds both tenants to their own, against every known attack", async () => {
    const { attacker, victim } = primary.world;
    const session = await standby.connect(victim.role);
    const client = await standby.connect(attacker.role);
    const world: World = {
      ...primary.world,
      attacker: { ...attacker, backend: await backendOf(client) },
      victim: { ...victim, backend: await backendOf(session) },
    };
    await client.query("BEGIN");
    for (const attack of ATTACKS) {
      expect([title(attack), await failuresOf(client, attack, world)]).toEqual([title(attack), []]);
    }
    await client.query("ROLLBACK");
    for (const { id, role } of [attacker, victim]) {
      await as(role, (own) => own.query(`UPDATE users SET display_name = 'Someone of ${id}'`));
    }
    rows.push([
      `${ATTACKS.length} attacks of one tenant on the other, after the promotion`,
      "as before it",
      "refused, or harmless",
    ]);
  });

  test("promoted it has each tenant as the function left it, which finds nothing to do", async () => {
    for (const [id, state] of before) {
      expect(await endState((sql) => query(superuser, sql), id)).toBe(state);
      const { changed } = await as(PROVISIONER, (client) => provision(adapt(client), tenantInput(id)));
      expect(changed).toEqual([]);
    }
    rows.push(["the function's run for a tenant that came by replication", "changes nothing", "no change"]);
  });

  test("promoted it takes a new tenant without another bootstrap", async () => {
    await as(PROVISIONER, (client) => provision(adapt(client), NEWCOMER));
    expect(await endState((sql) => query(superuser, sql), NEWCOMER.id)).toBe(before.get("attacker"));
    await as(NEWCOMER.role, (client) =>
      client.query("INSERT INTO users (email, display_name) VALUES ('new@example.com', 'New')"),
    );
    rows.push(["a new tenant after the promotion, without a bootstrap", "as any other", "as any other"]);
  });
});

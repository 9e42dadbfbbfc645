import { Client } from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { DATABASE_NAME, ENVIRONMENTS } from "../../../config";
import { proxyPool } from "../../../constructs/database/proxy-pool";
import { record } from "../criteria";
import { report } from "../engines/cache";
import { CONSOLE, ensurePgBouncer, PgBouncer } from "../engines/pgbouncer";
import { POSTGRES_RELEASES } from "../engines/postgres-binaries";
import { SUPERUSER } from "../engines/postgres";
import { measured } from "../page";
import { Run } from "../run";
import { ClientPool, type Transaction } from "./client-pool";
import { serverFolder } from "./folders";
import { bootstrapServer, provisionAll } from "./provisioned";
import { Server } from "./server";
import { tenantInputs } from "./tenants";

/** The fleet of the brief: 500 tenants with three services each. */
const TENANTS = tenantInputs(500);
const CONNECTIONS_OF_A_TENANT = 3;

/** Connections to the server for one role: fewer than its clients, so that there is something to wait for. */
const POOL_SIZE = 2;

/** Connections to the server in all: PostgreSQL's own limit, and the pool's share of it. */
const MAX_CONNECTIONS = 640;
const MAX_SERVER_CONNECTIONS = 600;

/** Transactions a second: the brief's 50 million requests a month, ten times that, and a hundred times. */
const RATES = [19, 200, 2_000] as const;
const SECONDS = 10;

/** Seconds that a transaction waits in the pool for a connection to the server. */
const QUERY_WAIT = 30;

/** Milliseconds for which a service tries again what could not begin: as long as RDS Proxy would have it wait itself. */
const PATIENCE = proxyPool(ENVIRONMENTS.production.database.instanceClass).borrowTimeoutSeconds * 1_000;

/** What a role logs in to the pool with, where production has a token. */
function passwordOf(role: string): string {
  return `token-${role}`;
}

/** One row written, with the role that the server wrote it as. */
function usageEvent(role: string): string {
  const id = TENANTS.find((tenant) => tenant.role === role)?.id ?? "";
  return `INSERT INTO shared.usage_events (tenant_id, kind, quantity) VALUES ('${id}', 'requests', 1)
    RETURNING current_user::text AS role`;
}

function percentile(transactions: readonly Transaction[], share: number): number {
  const sorted = transactions.map(({ due, done }) => done - due).sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

function failed(transactions: readonly Transaction[]): readonly Transaction[] {
  return transactions.filter(({ error }) => error !== undefined);
}

/** When a server was away. */
interface Absence {
  /** Instants of `performance.now()`: when its end was ordered, when it was over, and when it took logins again. */
  readonly crashed: number;
  readonly gone: number;
  readonly back: number;
}

/** Transactions that the server had begun when it went. */
function inFlight(transactions: readonly Transaction[], { crashed, gone }: Absence): readonly Transaction[] {
  return transactions.filter(({ begun, done }) => begun !== undefined && begun < gone && done >= crashed);
}

/** Failures that are not the crash's own: of what came while the server was away, or after it. */
function unexplained(transactions: readonly Transaction[], absence: Absence): readonly Transaction[] {
  const explained = new Set(inFlight(transactions, absence));
  return failed(transactions).filter((failure) => !explained.has(failure));
}

describe("1,500 client connections of 500 roles", () => {
  let server: Server;
  let bouncer: PgBouncer;
  let clients: ClientPool;
  /** Clients of a few roles that take the first refusal for an answer. */
  let impatient: ClientPool;
  let admin: Client;
  let committed = 0;
  const rows: string[][] = [];

  beforeAll(async () => {
    server = await Server.start("pooling", POSTGRES_RELEASES.platform, MAX_CONNECTIONS);
    await bootstrapServer(server, POSTGRES_RELEASES.platform);
    const started = performance.now();
    await provisionAll(server, TENANTS, 8);
    report(`${TENANTS.length} tenants by 8 workers in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
    const users = new Map(TENANTS.map(({ role }) => [role, passwordOf(role)]));
    bouncer = new PgBouncer({
      folder: serverFolder(Run.current(), "pooling"),
      serverPort: server.postgres.port,
      database: DATABASE_NAME,
      users,
      poolSize: POOL_SIZE,
      maxServerConnections: MAX_SERVER_CONNECTIONS,
      maxClientConnections: 2_000,
      queryWaitTimeout: QUERY_WAIT,
    });
    await bouncer.start();
    admin = new Client({ ...login(CONSOLE), password: CONSOLE, database: CONSOLE });
    await admin.connect();
    const logins = TENANTS.map(({ role }) => login(role));
    clients = new ClientPool(
      Array.from({ length: CONNECTIONS_OF_A_TENANT }, () => logins).flat(),
      usageEvent,
      PATIENCE,
    );
    impatient = new ClientPool(logins.slice(0, 50), usageEvent, 0);
    await clients.open();
  });

  afterAll(async () => {
    const version = await ensurePgBouncer();
    await clients.close();
    await impatient.close();
    await admin.end();
    await bouncer.stop();
    await server.stop();
    record({
      id: "A3",
      title: "database connections are pooled",
      text: [
        `Clients of ${TENANTS.length} tenants' roles, each with the ${CONNECTIONS_OF_A_TENANT} connections of its services, write rows through PgBouncer in transaction`,
        "mode, which stands for RDS Proxy's pooling. They try again what could not begin, for as long as RDS Proxy would have them",
        "wait for a connection. Roles, schemas and grants are the provisioning function's work.",
      ].join("\n"),
      columns: ["check", "to hold", "seen"],
      rows,
      engines: [`PostgreSQL ${POSTGRES_RELEASES.platform.version}`, `PgBouncer ${version} (the machine's)`],
    });
  });

  /** What a tenant's service says to log in to the pool. */
  function login(user: string) {
    return { host: "127.0.0.1", port: bouncer.port, database: DATABASE_NAME, user, password: passwordOf(user) };
  }

  /** A load, whose successes are counted. */
  async function run(rate: number, seconds: number, pool = clients): Promise<readonly Transaction[]> {
    const transactions = await pool.run(rate, seconds);
    committed += transactions.length - failed(transactions).length;
    return transactions;
  }

  /** Connections of the pool to the server, and the microseconds that clients have waited for one so far. */
  async function poolState(): Promise<{ readonly servers: number; readonly clients: number; readonly waited: number }> {
    const servers = await admin.query("SHOW SERVERS");
    const connected = await admin.query("SHOW CLIENTS");
    const stats = await admin.query<{ database: string; total_wait_time: string }>("SHOW STATS");
    const waited = Number(stats.rows.find(({ database }) => database === DATABASE_NAME)?.total_wait_time ?? 0);
    return { servers: servers.rows.length, clients: connected.rows.length, waited };
  }

  /** Ends the server at once, as a crash does, and starts it again. */
  async function crash(): Promise<Absence> {
    const crashed = performance.now();
    await server.postgres.stop();
    const gone = performance.now();
    await sleep(1_000);
    await server.postgres.start();
    return { crashed, gone, back: performance.now() };
  }

  test("are all open at once, without a connection to the server for each", async () => {
    const state = await poolState();
    expect(state.clients).toBeGreaterThanOrEqual(TENANTS.length * CONNECTIONS_OF_A_TENANT);
    expect(state.servers).toBeLessThanOrEqual(MAX_SERVER_CONNECTIONS);
    rows.push([
      `${TENANTS.length * CONNECTIONS_OF_A_TENANT} connections of clients, all open`,
      `at most ${MAX_SERVER_CONNECTIONS} to the server`,
      measured(state.servers, "to the server"),
    ]);
  });

  test("a wrong password is refused by the pool", async () => {
    const [tenant] = TENANTS;
    const client = new Client({ ...login(tenant?.role ?? ""), password: "another's" });
    await expect(client.connect()).rejects.toThrow();
    rows.push(["a login with another's password", "refused", "refused"]);
  });

  test.each(RATES)(
    `%i transactions a second for ${SECONDS} s run without an error, each as its own role`,
    async (rate) => {
      const before = await poolState();
      const transactions = await run(rate, SECONDS);
      const after = await poolState();
      const waited = (after.waited - before.waited) / 1_000 / transactions.length;
      const seconds =
        (Math.max(...transactions.map(({ done }) => done)) - Math.min(...transactions.map(({ due }) => due))) / 1_000;
      rows.push([
        `${rate} transactions a second for ${SECONDS} s, of all tenants in turn`,
        "no error, each as its own role",
        `${measured(transactions.length / seconds, "a second")}, P99 ${measured(percentile(transactions, 0.99), "ms")}, ` +
          `for a connection ${measured(waited, "ms")} on average, ${measured(after.servers, "to the server")}`,
      ]);
      expect(failed(transactions)).toEqual([]);
      expect(transactions.filter(({ stranger }) => stranger)).toEqual([]);
      expect(after.servers).toBeLessThanOrEqual(MAX_SERVER_CONNECTIONS);
    },
  );

  test("a crash of the server fails what is in flight alone: what begins during it waits, and what comes after it succeeds by itself", async () => {
    const loads = Promise.all([run(200, SECONDS), run(20, SECONDS, impatient)]);
    const [tenant] = TENANTS;
    const slow = new Client(login(tenant?.role ?? ""));
    slow.on("error", () => undefined);
    await slow.connect();
    const slowTransaction = slow.query("SELECT pg_sleep(60)").then(
      () => "succeeded",
      () => "failed",
    );
    await sleep(2_000);
    const absence = await crash();
    const [transactions, refused] = await loads;
    expect(await slowTransaction).toBe("failed");

    const retried = transactions.filter(({ refusals, error }) => refusals > 0 && error === undefined);
    const waits = transactions.flatMap(({ sent, begun }) => (begun === undefined ? [] : begun - sent));
    expect(unexplained(transactions, absence)).toEqual([]);
    expect(retried.length).toBeGreaterThan(0);
    const afterwards = failed(await run(200, 2));
    expect(afterwards).toEqual([]);
    // Without trying again this would not hold: the test would tell.
    expect(unexplained(refused, absence)).not.toEqual([]);
    rows.push(
      [
        `the server killed at 200 transactions a second, away for ${measured((absence.back - absence.crashed) / 1_000, "s")}`,
        "none fails but those in flight",
        `${measured(failed(transactions).length, "failed")}, of ${measured(inFlight(transactions, absence).length, "in flight")}`,
      ],
      [
        "those that could not begin meanwhile",
        "wait, then succeed",
        `${measured(retried.length, "succeeded")}, after at most ${measured(Math.max(...waits), "ms")}`,
      ],
      ["connections of clients, after the server is back", "work by themselves", `${afterwards.length} errors`],
      [
        "counter-check: clients that take the first refusal for an answer",
        "some fail",
        measured(unexplained(refused, absence).length, "failed"),
      ],
    );
  });

  test("no transaction that a client saw committed is lost in the crash", async () => {
    const superuser = await server.connect(SUPERUSER);
    const result = await superuser.query<{ kept: number }>("SELECT count(*)::int AS kept FROM shared.usage_events");
    // More may be kept than seen: the answer to the last ones was lost, not they.
    const kept = result.rows[0]?.kept ?? 0;
    expect(kept).toBeGreaterThanOrEqual(committed);
    rows.push([
      "rows that clients saw committed, all runs together",
      "none is lost in the crash",
      `${measured(committed, "seen")}, ${measured(kept, "kept")}`,
    ]);
  });
});

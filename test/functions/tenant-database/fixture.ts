import { Readable, Writable } from "node:stream";

import { PGlite } from "@electric-sql/pglite";

import {
  bootstrap,
  type CopyDatabase,
  type Database,
  PROVISIONER,
  type TenantInput,
} from "../../../functions/tenant-database/src";

/** PGlite's own superuser. */
const SUPERUSER = "postgres";

/** A PostgreSQL in this process, and the sessions that tests open in it one after the other. */
export class TestServer {
  private constructor(private readonly lite: PGlite) {}

  public static async start(): Promise<TestServer> {
    const server = new TestServer(await PGlite.create());
    // RDS has it; plain PostgreSQL does not.
    await server.as(SUPERUSER, (db) => db.query("create role rds_iam"));
    return server;
  }

  public static async bootstrapped(): Promise<TestServer> {
    const server = await TestServer.start();
    await server.as(SUPERUSER, (db) => bootstrap(db));
    return server;
  }

  /** A server that the provisioner may copy from and to: PGlite has files in place of standard input and output. */
  public static async copying(): Promise<TestServer> {
    const server = await TestServer.bootstrapped();
    await server.rows("grant pg_read_server_files, pg_write_server_files to tenant_provisioner");
    return server;
  }

  public stop(): Promise<void> {
    return this.lite.close();
  }

  /** Runs work logged in as a role; an open transaction is rolled back after it, as when a connection ends. */
  public async as<T>(role: string, work: (db: CopyDatabase) => Promise<T>): Promise<T> {
    await this.lite.exec(`set session authorization "${role}"`);
    try {
      return await work(this.database());
    } finally {
      await this.lite.exec("rollback");
      await this.lite.exec(`set session authorization "${SUPERUSER}"; reset all`);
    }
  }

  public asProvisioner<T>(work: (db: CopyDatabase) => Promise<T>): Promise<T> {
    return this.as(PROVISIONER, work);
  }

  /** Rows of a query as the superuser, who sees everything. */
  public rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return this.as(SUPERUSER, async (db) => (await db.query(sql)).rows);
  }

  private database(): CopyDatabase {
    const { lite } = this;
    return {
      // PGlite's COPY has a file of its own in place of standard input and output.
      copyTo: (sql) =>
        Readable.from(
          (async function* () {
            const { blob } = await lite.query(sql.replace("stdout", "'/dev/blob'"));
            yield Buffer.from((await blob?.arrayBuffer()) ?? new ArrayBuffer(0));
          })(),
        ),
      copyFrom: (sql) => {
        const chunks: Buffer[] = [];
        return new Writable({
          write: (chunk: Buffer, _encoding, done) => {
            chunks.push(chunk);
            done();
          },
          final: (done) => {
            const blob = new Blob(chunks);
            lite.query(sql.replace("stdin", "'/dev/blob'"), [], { blob }).then(() => done(), done);
          },
        });
      },
      query: async (sql, values) => {
        const results = values === undefined ? await this.lite.exec(sql) : [await this.lite.query(sql, [...values])];
        return { rows: (results.at(-1)?.rows ?? []) as Record<string, unknown>[] };
      },
    };
  }
}

/** A database whose connection is lost after some round trips; the last one still reaches the server. */
export function failing<Db extends Database>(db: Db, after: number): Db {
  let trips = 0;
  return {
    ...db,
    query: async (sql, values) => {
      if (trips >= after) {
        throw new Error("connection lost");
      }
      trips++;
      const result = await db.query(sql, values);
      if (trips === after) {
        throw new Error("connection lost");
      }
      return result;
    },
  };
}

/** Counts round trips. */
export function counting<Db extends Database>(db: Db): Db & { readonly trips: () => number } {
  let trips = 0;
  return {
    ...db,
    trips: () => trips,
    query: (sql, values) => {
      trips++;
      return db.query(sql, values);
    },
  };
}

export function tenant(id: string, rest: Partial<TenantInput> = {}): TenantInput {
  const name = `tenant_${id.replaceAll("-", "_")}`;
  return {
    id,
    role: name,
    schema: name,
    tier: "standard",
    state: "active",
    connectionLimit: 6,
    statementTimeoutMs: 30_000,
    schemaVersion: 1,
    ...rest,
  };
}

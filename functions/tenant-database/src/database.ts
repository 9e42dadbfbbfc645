import type { Readable, Writable } from "node:stream";

import transactionSql from "../sql/begin.sql";
import { render } from "./quote";

export type Row = Readonly<Record<string, unknown>>;

/**
 * A connection of its own to PostgreSQL: a client of `pg`, or PGlite behind an adapter. Text without values goes as one
 * simple query, so that many statements are one round trip.
 */
export interface Database {
  query(sql: string, values?: readonly unknown[]): Promise<{ rows: readonly Row[] }>;
}

/** A connection that also streams the rows of a table, in COPY's text format. */
export interface CopyDatabase extends Database {
  /** @param sql - `copy … to stdout` */
  copyTo(sql: string): Readable;
  /** @param sql - `copy … from stdin` */
  copyFrom(sql: string): Writable;
}

/**
 * Runs work in one transaction that holds an advisory lock until its end, so that two runs for one tenant queue up.
 *
 * @param subject - what is locked: `tenant:<id>`, or `bootstrap`
 */
export async function inTransaction<T>(db: Database, subject: string, work: () => Promise<T>): Promise<T> {
  try {
    await db.query(render(transactionSql, { subject }));
    const result = await work();
    await db.query("commit");
    return result;
  } catch (error) {
    // Where the connection is lost there is nothing to roll back: the server has done it, and the first error matters.
    await db.query("rollback").catch(() => undefined);
    throw error;
  }
}

/** The only row of a query that always has one. */
export async function queryRow(db: Database, sql: string): Promise<Row> {
  const { rows } = await db.query(sql);
  const [row] = rows;
  if (rows.length !== 1 || row === undefined) {
    throw new Error(`a query for one row returned ${rows.length}`);
  }
  return row;
}

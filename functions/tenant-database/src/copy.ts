import { pipeline } from "node:stream/promises";

import force from "../sql/copy/force.sql";
import foreignKeys from "../sql/copy/foreign-keys.sql";
import noForce from "../sql/copy/no-force.sql";
import sequenceValue from "../sql/copy/sequence-value.sql";
import sequencesSql from "../sql/copy/sequences.sql";
import tablesSql from "../sql/copy/tables.sql";
import { type CopyDatabase, type Database, queryRow, type Row } from "./database";
import { TenantDatabaseError } from "./error";
import { quoteIdent, render } from "./quote";
import { PROVISIONER } from "./tenant";

/** A schema on a server. */
export interface Place {
  readonly db: CopyDatabase;
  readonly schema: string;
}

interface Table {
  readonly name: string;
  /** All but generated ones, quoted, in one order on every server. */
  readonly columns: string;
}

/**
 * Copies all rows and the sequences' values of a schema into another that has the same tables, empty, and compares both.
 * Runs inside of a transaction on either side, whose settings are `sql/copy/session.sql`'s.
 *
 * @returns the tables with their number of rows
 * @throws TenantDatabaseError if tables or columns differ, a policy hides rows of the source, or what arrived is not what
 *   was sent
 */
export async function copySchema(source: Place, target: Place): Promise<readonly string[]> {
  const tables = await commonTables(source, target);
  const { db, schema } = target;
  const { rows: keys } = await db.query(render(foreignKeys, { schema }));
  const forEach = (sql: string): string[] => tables.map(({ name }) => render(sql, { schema, table: name }));

  await run(db, [...keys.map((key) => String(key["drop"])), ...forEach(noForce)]);
  for (const table of tables) {
    await pipeline(
      source.db.copyTo(`copy ${relation(source, table)} (${table.columns}) to stdout`),
      db.copyFrom(`copy ${relation(target, table)} (${table.columns}) from stdin`),
    );
  }
  const { rows: sequences } = await source.db.query(render(sequencesSql, { schema: source.schema }));
  await run(
    db,
    sequences.map(({ name, value }) => render(sequenceValue, { schema, name: String(name), value: String(value) })),
  );
  await run(
    db,
    keys.map((key) => String(key["add"])),
  );
  const counts: string[] = [];
  for (const table of tables) {
    counts.push(await compare(source, target, table));
  }
  await run(db, forEach(force));
  return counts;
}

async function commonTables(source: Place, target: Place): Promise<readonly Table[]> {
  const [from, to] = await Promise.all([tablesOf(source), tablesOf(target)]);
  const hidden = from.filter(({ whole }) => whole !== true).map(({ name }) => String(name));
  if (hidden.length > 0) {
    throw new TenantDatabaseError("RESTORE_SOURCE", `the provisioner may not read every row of ${hidden.join(", ")}`);
  }
  const shapes = [from, to].map((rows) =>
    rows.map(({ name, columns }) => `${String(name)} (${String(columns)})`).join("; "),
  );
  if (shapes[0] !== shapes[1]) {
    throw new TenantDatabaseError("RESTORE_SOURCE", `tables are ${shapes[0]}; its schema version has ${shapes[1]}`);
  }
  return to.map(({ name, columns }) => ({ name: String(name), columns: String(columns) }));
}

async function tablesOf({ db, schema }: Place): Promise<readonly Row[]> {
  return (await db.query(render(tablesSql, { schema, provisioner: PROVISIONER }))).rows;
}

/** Both servers count at the same time. */
async function compare(source: Place, target: Place, table: Table): Promise<string> {
  const [sent, arrived] = await Promise.all([contentsOf(source, table), contentsOf(target, table)]);
  if (sent.rows !== arrived.rows || sent.checksum !== arrived.checksum) {
    const told = [sent, arrived].map(({ rows, checksum }) => `${rows} rows, checksum ${checksum}`);
    throw new TenantDatabaseError("RESTORE_MISMATCH", `table ${table.name}: source ${told[0]}; copy ${told[1]}`);
  }
  return `table ${table.name}: ${sent.rows} rows`;
}

/** Sums of both halves of each row's MD5: the same in any order, other for a row lost, doubled or changed. */
async function contentsOf(place: Place, table: Table): Promise<{ readonly rows: string; readonly checksum: string }> {
  const half = (side: string) => `coalesce(sum(('x' || ${side}(hash, 16))::bit(64)::bigint), 0)`;
  const { rows, checksum } = await queryRow(
    place.db,
    `select count(*)::text as rows, ${half("left")} || '/' || ${half("right")} as checksum
       from (select md5(row(${table.columns})::text) as hash from ${relation(place, table)}) as hashes`,
  );
  return { rows: String(rows), checksum: String(checksum) };
}

function relation({ schema }: Place, { name }: Table): string {
  return `${quoteIdent(schema)}.${quoteIdent(name)}`;
}

/** One round trip, none for nothing. */
async function run(db: Database, statements: readonly string[]): Promise<void> {
  if (statements.length > 0) {
    await db.query(statements.join("\n"));
  }
}

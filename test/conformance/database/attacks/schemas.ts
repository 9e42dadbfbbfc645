import { accepted, type Attack, DENIED, NOTHING, SQLSTATE } from "../attack";
import type { World } from "./world";

/** Name of a table without its schema. */
function bare(table: string): string {
  return table.slice(table.indexOf(".") + 1);
}

/** For every table of the victim's schema, one statement. */
function onVictims(statement: (table: string) => string): Attack<World>["attempts"] {
  return ({ victim }) => victim.tables.map((table) => [statement(table)]);
}

/** For every table of the attacker's own schema, one statement. */
function onOwn(statement: (table: string) => string): Attack<World>["attempts"] {
  return ({ attacker }) => attacker.tables.map((table) => [statement(table)]);
}

/** Another tenant's schema: everything in it is closed by one missing USAGE. */
const OTHER_SCHEMA: readonly Attack<World>[] = [
  { name: "reads a table of another tenant", expected: DENIED, attempts: onVictims((table) => `TABLE ${table}`) },
  {
    name: "counts the rows of another tenant",
    expected: DENIED,
    attempts: onVictims((table) => `SELECT count(*) FROM ${table}`),
  },
  {
    name: "finds a table of another tenant by its search_path",
    expected: { kind: "refused", code: SQLSTATE.undefinedTable },
    attempts: ({ victim }) =>
      victim.tables.map((table) => [`SET LOCAL search_path = ${victim.schema}`, `TABLE ${bare(table)}`]),
  },
  {
    name: "inserts into a table of another tenant",
    expected: DENIED,
    attempts: onVictims((table) => `INSERT INTO ${table} DEFAULT VALUES`),
  },
  { name: "deletes from a table of another tenant", expected: DENIED, attempts: onVictims((t) => `DELETE FROM ${t}`) },
  { name: "truncates a table of another tenant", expected: DENIED, attempts: onVictims((t) => `TRUNCATE ${t}`) },
  { name: "copies a table of another tenant out", expected: DENIED, attempts: onVictims((t) => `COPY ${t} TO STDOUT`) },
  {
    name: "locks a table of another tenant",
    expected: DENIED,
    attempts: onVictims((table) => `LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`),
  },
  {
    name: "explains a query on another tenant, whose plan tells sizes",
    expected: DENIED,
    attempts: onVictims((table) => `EXPLAIN SELECT * FROM ${table}`),
  },
  {
    name: "alters a table of another tenant",
    expected: DENIED,
    attempts: onVictims((table) => `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`),
  },
  { name: "drops a table of another tenant", expected: DENIED, attempts: onVictims((t) => `DROP TABLE ${t}`) },
  {
    name: "drops another tenant's schema",
    expected: DENIED,
    attempts: ({ victim }) => [[`DROP SCHEMA ${victim.schema} CASCADE`]],
  },
  {
    name: "renames another tenant's schema",
    expected: DENIED,
    attempts: ({ victim }) => [[`ALTER SCHEMA ${victim.schema} RENAME TO taken`]],
  },
  {
    name: "creates a table in another tenant's schema",
    expected: DENIED,
    attempts: ({ victim }) => [[`CREATE TABLE ${victim.schema}.intruder (id int)`]],
  },
  {
    name: "points a foreign key at another tenant's rows",
    expected: DENIED,
    attempts: ({ attacker, victim }) =>
      victim.tables.map((table) => [`CREATE TABLE ${attacker.schema}.probe (id int REFERENCES ${table})`]),
  },
  {
    name: "measures another tenant's table by its name",
    expected: DENIED,
    attempts: onVictims((table) => `SELECT pg_total_relation_size('${table}')`),
  },
];

/** The attacker's own schema: its rows are its own, the objects that hold them are not. */
const OWN_SCHEMA: readonly Attack<World>[] = [
  {
    name: "reads its own tables",
    expected: accepted("they are its own"),
    // A division by zero where it sees no row: an attacker that sees nothing at all would prove nothing.
    attempts: onOwn((table) => `SELECT 1 / (SELECT count(*) FROM ${table})`),
  },
  {
    name: "creates a table, which would have no policy",
    expected: DENIED,
    attempts: ({ attacker }) => [[`CREATE TABLE ${attacker.schema}.probe (id int)`]],
  },
  {
    name: "creates a view",
    expected: DENIED,
    attempts: ({ attacker }) => [[`CREATE VIEW ${attacker.schema}.probe AS SELECT 1`]],
  },
  {
    name: "creates a function that runs as its owner",
    expected: DENIED,
    attempts: ({ attacker }) => [
      [`CREATE FUNCTION ${attacker.schema}.probe() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'`],
    ],
  },
  {
    name: "truncates its own table, which passes by policies",
    expected: DENIED,
    attempts: onOwn((table) => `TRUNCATE ${table}`),
  },
  {
    name: "takes row-level security off its own table",
    expected: DENIED,
    attempts: onOwn((table) => `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`),
  },
  {
    name: "takes FORCE off its own table",
    expected: DENIED,
    attempts: onOwn((table) => `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`),
  },
  {
    name: "adds a policy to its own table",
    expected: DENIED,
    attempts: onOwn((table) => `CREATE POLICY probe ON ${table} USING (true)`),
  },
  {
    name: "adds a trigger to its own table, which would run as whoever writes",
    expected: DENIED,
    attempts: onOwn(
      (table) => `CREATE TRIGGER probe BEFORE UPDATE ON ${table} FOR EACH ROW
        EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
    ),
  },
  { name: "drops its own table", expected: DENIED, attempts: onOwn((table) => `DROP TABLE ${table}`) },
  {
    name: "drops its own schema",
    expected: DENIED,
    attempts: ({ attacker }) => [[`DROP SCHEMA ${attacker.schema} CASCADE`]],
  },
  {
    name: "hands its own table on to another tenant",
    expected: NOTHING,
    attempts: ({ attacker, victim }) =>
      attacker.tables.map((table) => [
        `GRANT SELECT ON ${table} TO ${victim.role}`,
        `SELECT 1 WHERE has_table_privilege('${victim.role}', (SELECT oid FROM pg_class
           WHERE relnamespace = '${attacker.schema}'::regnamespace AND relname = '${bare(table)}'), 'SELECT')`,
      ]),
  },
  {
    name: "hands its own schema on to another tenant",
    expected: NOTHING,
    attempts: ({ attacker, victim }) => [
      [
        `GRANT USAGE ON SCHEMA ${attacker.schema} TO ${victim.role}`,
        `SELECT 1 WHERE has_schema_privilege('${victim.role}', '${attacker.schema}', 'USAGE')`,
      ],
    ],
  },
];

/** Attacks on schemas and what is in them. */
export const SCHEMA_ATTACKS = [...OTHER_SCHEMA, ...OWN_SCHEMA];

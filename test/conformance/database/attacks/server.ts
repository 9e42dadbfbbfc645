import { accepted, type Attack, DENIED, NOTHING } from "../attack";
import type { World } from "./world";

/** Each statement an attempt of its own. */
function each(...statements: readonly string[]): Attack<World>["attempts"] {
  return () => statements.map((statement) => [statement]);
}

/** What the server gives any role, by objects that belong to no schema of ours. */
export const SERVER_ATTACKS: readonly Attack<World>[] = [
  {
    name: "ends or interrupts another tenant's session",
    expected: DENIED,
    attempts: ({ victim }) =>
      ["pg_terminate_backend", "pg_cancel_backend"].map((name) => [`SELECT ${name}(${victim.backend})`]),
  },
  {
    name: "reads another tenant's statements in pg_stat_activity",
    expected: NOTHING,
    attempts: ({ victim }) => [
      [
        `SELECT * FROM pg_stat_activity WHERE pid = ${victim.backend}
         AND (query <> '<insufficient privilege>' OR client_addr IS NOT NULL)`,
      ],
    ],
  },
  {
    name: "reads passwords",
    expected: DENIED,
    attempts: each("TABLE pg_authid", "TABLE pg_shadow"),
  },
  {
    name: "reads raw statistics and raw large objects",
    expected: DENIED,
    attempts: each("TABLE pg_statistic", "TABLE pg_largeobject"),
  },
  {
    name: "reads the server's files",
    expected: DENIED,
    attempts: each(
      "SELECT pg_read_file('PG_VERSION')",
      "SELECT pg_ls_dir('.')",
      "SELECT lo_import('/etc/passwd')",
      "COPY (SELECT 1) TO '/dev/null'",
      "COPY (SELECT 1) TO PROGRAM 'true'",
      "TABLE pg_hba_file_rules",
    ),
  },
  {
    name: "reads, changes or removes another tenant's large object",
    expected: DENIED,
    attempts: ({ victim }) =>
      ["lo_get(%)", "lo_put(%, 0, 'x')", "lo_unlink(%)", "lo_open(%, 131072)"].map((call) => [
        `SELECT ${call.replace("%", String(victim.largeObject))}`,
      ]),
  },
  {
    name: "creates a large object",
    expected: accepted("RDS's master cannot revoke a function of the catalog; only its maker can read it"),
    attempts: each("SELECT lo_create(0)"),
  },
  { name: "creates a temporary table", expected: DENIED, attempts: each("CREATE TEMP TABLE probe (id int)") },
  {
    name: "creates a temporary view or function",
    expected: DENIED,
    attempts: each(
      "CREATE TEMP VIEW probe AS SELECT 1",
      "CREATE FUNCTION pg_temp.probe() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ),
  },
  {
    name: "takes another tenant's advisory lock",
    expected: accepted(
      "no role can be kept from it; provisioning that tenant then gives up after its lock_timeout, and the log has the holder",
    ),
    attempts: ({ victim }) => [[`SELECT pg_advisory_xact_lock(hashtextextended('tenant:${victim.id}', 0))`]],
  },
  {
    name: "listens and notifies",
    expected: accepted("nothing of the platform listens, and channels carry no table's rows"),
    attempts: () => [["LISTEN probe", "NOTIFY probe, 'text'"]],
  },
  {
    name: "runs code in a block",
    expected: accepted("it runs as the tenant"),
    attempts: each("DO 'BEGIN PERFORM 1; END'"),
  },
  {
    name: "reads another tenant's tables from a block",
    expected: DENIED,
    attempts: ({ victim }) => victim.tables.map((table) => [`DO 'BEGIN PERFORM * FROM ${table}; END'`]),
  },
  {
    name: "creates an object of the database",
    expected: DENIED,
    attempts: each(
      "CREATE SCHEMA probe",
      "CREATE PUBLICATION probe",
      "CREATE EXTENSION pg_trgm",
      "CREATE EVENT TRIGGER probe ON ddl_command_end EXECUTE FUNCTION suppress_redundant_updates_trigger()",
      "CREATE FOREIGN DATA WRAPPER probe",
      "CREATE LANGUAGE probe HANDLER plpgsql_call_handler",
    ),
  },
  {
    name: "reads names, sizes, policies and function sources in the catalog",
    expected: accepted("PostgreSQL shows them to every role: none of them may hold a secret or a tenant's data"),
    attempts: ({ victim }) => [
      [`SELECT nspname FROM pg_namespace WHERE nspname = '${victim.schema}'`],
      ["SELECT rolname FROM pg_roles"],
      ["SELECT polname, pg_get_expr(polqual, polrelid) FROM pg_policy"],
      ["SELECT proname, prosrc FROM pg_proc WHERE pronamespace::regnamespace::text = 'platform'"],
      [`SELECT pg_total_relation_size(oid) FROM pg_class WHERE relnamespace::regnamespace::text = '${victim.schema}'`],
    ],
  },
];

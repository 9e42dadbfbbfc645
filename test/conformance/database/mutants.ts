import { MONITOR, PROVISIONER, TENANT_GROUP } from "../../../functions/tenant-database/src";
import { SUPERUSER } from "../engines/postgres";
import type { World } from "./attacks";

/** One protection less, and the attack that must see it. */
export interface Mutant {
  /** What was done to the database. */
  readonly name: string;
  readonly statements: (world: World) => readonly string[];
  /** Name of an attack that comes otherwise than expected. Others may, too. */
  readonly foundBy: string;
}

const USAGE = "shared.usage_events";

/** The policy of a shared table, as somebody in a hurry would write it. */
function policy(...body: readonly string[]): readonly string[] {
  return [
    `DROP POLICY own_rows ON ${USAGE}`,
    ...body.map((text, index) => `CREATE POLICY own_${index} ON ${USAGE} ${text}`),
  ];
}

const ROW_SECURITY: readonly Mutant[] = [
  {
    name: "FORCE is off on a shared table",
    statements: () => [`ALTER TABLE ${USAGE} NO FORCE ROW LEVEL SECURITY`],
    foundBy: "finds a table whose owner passes by its policies",
  },
  {
    name: "FORCE is off on a table of a tenant",
    statements: ({ victim }) => [`ALTER TABLE ${victim.schema}.tasks NO FORCE ROW LEVEL SECURITY`],
    foundBy: "finds a table whose owner passes by its policies",
  },
  {
    name: "row-level security is off on a shared table",
    statements: () => [`ALTER TABLE ${USAGE} DISABLE ROW LEVEL SECURITY`],
    foundBy: "reads another tenant's rows of a shared table",
  },
  {
    name: "a new shared table has no row-level security",
    statements: () => ["CREATE TABLE shared.notes (tenant_id text)", `GRANT SELECT ON shared.notes TO ${TENANT_GROUP}`],
    foundBy: "finds a table without row-level security",
  },
  {
    name: "a shared table has lost its policy",
    statements: () => policy(),
    foundBy: "reads its own rows of a shared table",
  },
  {
    name: "a table of a tenant has lost its policy",
    statements: ({ attacker }) => [`DROP POLICY tenant_rows ON ${attacker.schema}.tasks`],
    foundBy: "reads its own tables",
  },
  {
    name: "a policy lets everybody read",
    statements: () => policy("USING (true)"),
    foundBy: "reads another tenant's rows of a shared table",
  },
  {
    name: "a policy looks at what is read and not at what is written",
    statements: () =>
      policy(
        `FOR SELECT USING (tenant_id = (SELECT tenant_id FROM shared.tenant_directory))`,
        "FOR INSERT WITH CHECK (true)",
      ),
    foundBy: "inserts a row in another tenant's name",
  },
  {
    name: "a policy hangs on a setting",
    statements: () => policy("USING (tenant_id = current_setting('app.tenant_id', true))"),
    foundBy: "reads another tenant's rows with a setting for the key",
  },
  {
    name: "a unique key does not lead with the tenant",
    statements: () => [`CREATE UNIQUE INDEX ON ${USAGE} (event_id)`],
    foundBy: "tries whether another tenant has a key, in its own name",
  },
];

const OBJECTS: readonly Mutant[] = [
  {
    name: "a view reads with its owner's rights",
    statements: () => [
      `CREATE VIEW shared.totals AS SELECT * FROM ${USAGE}`,
      `ALTER VIEW shared.totals OWNER TO ${PROVISIONER}`,
      `GRANT SELECT ON shared.totals TO ${TENANT_GROUP}`,
    ],
    foundBy: "finds a view that reads with its owner's rights, or a copy without policies",
  },
  {
    name: "a tenant's view has lost security_invoker",
    statements: ({ victim }) => [`ALTER VIEW ${victim.schema}.project_progress RESET (security_invoker)`],
    foundBy: "finds a view that reads with its owner's rights, or a copy without policies",
  },
  {
    name: "a materialized view copies a shared table",
    statements: () => [`CREATE MATERIALIZED VIEW shared.totals AS SELECT * FROM ${USAGE}`],
    foundBy: "finds a view that reads with its owner's rights, or a copy without policies",
  },
  {
    name: "a function runs with its owner's rights for everybody",
    statements: () => [
      `CREATE FUNCTION shared.total() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM ${USAGE}'`,
    ],
    foundBy: "finds a function of the platform's that it may execute",
  },
  {
    name: "a tenant's role owns a table",
    statements: ({ attacker }) => [`ALTER TABLE ${attacker.schema}.tasks OWNER TO ${attacker.role}`],
    foundBy: "takes row-level security off its own table",
  },
  {
    name: "a tenant's role owns its schema",
    statements: ({ attacker }) => [`ALTER SCHEMA ${attacker.schema} OWNER TO ${attacker.role}`],
    foundBy: "drops its own schema",
  },
  {
    name: "large objects are read without a privilege",
    statements: () => ["SET LOCAL lo_compat_privileges = on"],
    foundBy: "reads, changes or removes another tenant's large object",
  },
];

const GRANTS: readonly Mutant[] = [
  {
    name: "PUBLIC has TEMP again",
    statements: () => ["GRANT TEMP ON DATABASE taskflow TO PUBLIC"],
    foundBy: "creates a temporary table",
  },
  {
    name: "PUBLIC has CREATE in public again",
    statements: () => ["GRANT CREATE ON SCHEMA public TO PUBLIC"],
    foundBy: "creates a table in a schema of the platform",
  },
  {
    name: "PUBLIC may execute a function of the platform's again",
    statements: () => ["GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA platform TO PUBLIC"],
    foundBy: "finds a function of the platform's that it may execute",
  },
  {
    name: "tenants may create in the database",
    statements: () => [`GRANT CREATE ON DATABASE taskflow TO ${TENANT_GROUP}`],
    foundBy: "creates an object of the database",
  },
  {
    name: "a tenant may create in its own schema",
    statements: ({ attacker }) => [`GRANT CREATE ON SCHEMA ${attacker.schema} TO ${attacker.role}`],
    foundBy: "creates a table, which would have no policy",
  },
  {
    name: "a tenant may use another's schema",
    statements: ({ attacker, victim }) => [`GRANT USAGE ON SCHEMA ${victim.schema} TO ${attacker.role}`],
    foundBy: "measures another tenant's table by its name",
  },
  {
    name: "a tenant may read another's table, whose policy alone still holds",
    statements: ({ attacker, victim }) => [
      `GRANT USAGE ON SCHEMA ${victim.schema} TO ${attacker.role}`,
      `GRANT SELECT ON ${victim.schema}.tasks TO ${attacker.role}`,
    ],
    foundBy: "reads a table of another tenant",
  },
  {
    name: "tenants may truncate a shared table",
    statements: () => [`GRANT TRUNCATE ON ${USAGE} TO ${TENANT_GROUP}`],
    foundBy: "truncates a shared table",
  },
  {
    name: "tenants may refer to a shared table",
    statements: () => [`GRANT REFERENCES ON shared.tenant_directory TO ${TENANT_GROUP}`],
    foundBy: "finds a right on its own or a shared table that passes by policies",
  },
  {
    name: "tenants may change events",
    statements: () => [`GRANT UPDATE ON shared.audit_events TO ${TENANT_GROUP}`],
    foundBy: "updates a shared table",
  },
  {
    name: "tenants may read the platform's own table",
    statements: () => [
      `GRANT USAGE ON SCHEMA platform TO ${TENANT_GROUP}`,
      `GRANT SELECT ON platform.tenants TO ${TENANT_GROUP}`,
    ],
    foundBy: "reads a table of the platform",
  },
  {
    name: "a tenant may silence triggers",
    statements: ({ attacker }) => [`GRANT SET ON PARAMETER session_replication_role TO ${attacker.role}`],
    foundBy: "silences triggers and foreign keys",
  },
];

/** Role attributes and memberships of the attacker's. */
const ROLES: readonly Mutant[] = [
  ...(["BYPASSRLS", "SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION", "CONNECTION LIMIT -1"] as const).map(
    (attribute): Mutant => ({
      name: `a tenant's role has ${attribute}`,
      statements: ({ attacker }) => [`ALTER ROLE ${attacker.role} ${attribute}`],
      foundBy:
        "finds a tenant's role with an attribute, without a connection limit or in a role that it should not be in",
    }),
  ),
  {
    name: "a tenant's role is a member of another's",
    statements: ({ attacker, victim }) => [`GRANT ${victim.role} TO ${attacker.role}`],
    foundBy: "becomes another tenant",
  },
  {
    name: "a tenant's role is a member of the provisioner",
    // From PostgreSQL 16 on the provisioner is a member of what it creates, and a circle is refused: it takes both.
    statements: ({ attacker }) => [
      `REVOKE ${attacker.role} FROM ${PROVISIONER} GRANTED BY ${SUPERUSER} CASCADE`,
      `GRANT ${PROVISIONER} TO ${attacker.role}`,
    ],
    foundBy: "becomes the provisioner",
  },
  {
    name: "a tenant's role is a member of the metrics' role",
    statements: ({ attacker }) => [`GRANT ${MONITOR} TO ${attacker.role}`],
    foundBy: "becomes the metrics' role",
  },
  {
    name: "a tenant's role reads all data",
    statements: ({ attacker }) => [`GRANT pg_read_all_data TO ${attacker.role}`],
    foundBy: "becomes a role that reads everything",
  },
  {
    name: "tenants' group may end sessions",
    statements: () => [`GRANT pg_signal_backend TO ${TENANT_GROUP}`],
    foundBy: "ends or interrupts another tenant's session",
  },
];

/** Every protection of the database taken away one at a time. */
export const MUTANTS: readonly Mutant[] = [...ROW_SECURITY, ...OBJECTS, ...GRANTS, ...ROLES];

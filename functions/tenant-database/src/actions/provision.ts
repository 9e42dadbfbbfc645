import grants from "../../sql/grants.sql";
import groupMemberBefore16 from "../../sql/group-member-before-16.sql";
import groupMember from "../../sql/group-member.sql";
import login from "../../sql/login.sql";
import noLogin from "../../sql/no-login.sql";
import recordSql from "../../sql/record.sql";
import restore from "../../sql/restore.sql";
import roleBefore16 from "../../sql/role-before-16.sql";
import roleIam from "../../sql/role-iam.sql";
import roleLimit from "../../sql/role-limit.sql";
import roleSettings from "../../sql/role-settings.sql";
import roleSql from "../../sql/role.sql";
import schemaSql from "../../sql/schema.sql";
import versionSql from "../../sql/version.sql";
import { type Database, inTransaction } from "../database";
import { TenantDatabaseError } from "../error";
import { assertIsolation } from "../isolation";
import { render, type SqlValue } from "../quote";
import { endRoleSessions, readState, type TenantDatabaseState } from "../state";
import { type ActionResult, PROVISIONER, TENANT_GROUP, type TenantInput } from "../tenant";
import { type SchemaVersion, VERSIONS } from "../versions";

/** Milliseconds that a tenant's statement waits for a lock: longer only piles up connections of its few. */
const LOCK_TIMEOUT_MS = 5_000;

/** Milliseconds that a tenant's transaction may do nothing; it holds a server connection of the pool meanwhile. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;

/** Memberships with an inheritance of their own. */
const POSTGRESQL_16 = 160_000;

/**
 * Brings a tenant's role, schema, tables, grants and record to what is asked: creates what is missing, mends what has
 * drifted, restores an archived schema (nothing was dropped), and leaves alone what is right. At most seven round trips.
 *
 * @throws TenantDatabaseError if the tenant is purged, the version unknown or a step back, or isolation does not hold
 */
export async function provision(db: Database, tenant: TenantInput): Promise<ActionResult> {
  const changed = await inTransaction(db, `tenant:${tenant.id}`, () => bringUp(db, tenant));
  const ended = tenant.state === "suspended" && (await endRoleSessions(db, tenant.role));
  return { action: "provision", changed: ended ? [...changed, "sessions"] : changed };
}

/** `provision` inside of a transaction that holds the tenant's lock; gives what has changed. */
export async function bringUp(db: Database, tenant: TenantInput): Promise<readonly string[]> {
  const steps = plan(tenant, await readState(db, tenant));
  if (steps.length > 0) {
    await db.query(steps.map(({ sql, values }) => render(sql, { ...sqlValues(tenant), ...values })).join("\n"));
  }
  await assertIsolation(db, tenant);
  return steps.flatMap(({ change }) => change ?? []);
}

interface Step {
  readonly sql: string;
  readonly values?: Readonly<Record<string, SqlValue>>;
  /** @default - belongs to the step before it */
  readonly change?: string;
}

/** Steps in the order in which they depend on each other. */
function plan(tenant: TenantInput, state: TenantDatabaseState): readonly Step[] {
  const { catalog, record } = state;
  if (record?.["state"] === "purged") {
    throw new TenantDatabaseError("TENANT_PURGED", `tenant "${tenant.id}" was purged; its id is not given again`);
  }
  const isArchived = record?.["state"] === "archived";
  const versions = missingVersions(tenant, Number(record?.["version"] ?? 0));
  const hasTables = catalog["has_schema"] === true || isArchived;
  const needsRecord =
    record?.["tier"] !== tenant.tier ||
    record["state"] !== tenant.state ||
    record["schema_version"] !== tenant.schemaVersion ||
    record["schema"] !== tenant.schema;
  const canLogin = tenant.state === "active";
  return [
    ...roleSteps(tenant, state),
    ...(isArchived
      ? [{ sql: restore, values: { archived_schema: String(record["schema"]) }, change: "schema restored" }]
      : hasTables
        ? []
        : [{ sql: schemaSql, change: `schema ${tenant.schema}` }]),
    // Before the versions, whose record refers to it.
    ...(needsRecord ? [{ sql: recordSql, change: "record" }] : []),
    ...versions.flatMap(({ sql, version, name }) => [
      { sql, change: `version ${version}` },
      { sql: versionSql, values: { version, name } },
    ]),
    ...(catalog["has_grants"] === true && versions.length === 0 ? [] : [{ sql: grants, change: "grants" }]),
    // Last: nobody logs in to half a schema.
    ...((catalog["can_login"] ?? false) === canLogin
      ? []
      : [{ sql: canLogin ? login : noLogin, change: canLogin ? "login" : "no login" }]),
  ];
}

function roleSteps(tenant: TenantInput, { catalog }: TenantDatabaseState): readonly Step[] {
  const has16 = Number(catalog["server_version"]) >= POSTGRESQL_16;
  const settings = JSON.stringify(catalog["settings"] ?? []);
  return [
    ...(catalog["has_role"] === true ? [] : [{ sql: has16 ? roleSql : roleBefore16, change: `role ${tenant.role}` }]),
    ...(catalog["in_group"] === true ? [] : [{ sql: has16 ? groupMember : groupMemberBefore16, change: "group" }]),
    ...(catalog["has_rds_iam"] === true && catalog["in_rds_iam"] !== true ? [{ sql: roleIam, change: "rds_iam" }] : []),
    ...(catalog["connection_limit"] === tenant.connectionLimit ? [] : [{ sql: roleLimit, change: "connection limit" }]),
    ...(settings === JSON.stringify(expectedSettings(tenant)) ? [] : [{ sql: roleSettings, change: "settings" }]),
  ];
}

/** `pg_roles.rolconfig` after role-settings.sql. */
function expectedSettings(tenant: TenantInput): readonly string[] {
  return [
    `search_path=${tenant.schema}`,
    `statement_timeout=${tenant.statementTimeoutMs}`,
    `lock_timeout=${LOCK_TIMEOUT_MS}`,
    `idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_TIMEOUT_MS}`,
  ];
}

function missingVersions(tenant: TenantInput, applied: number): readonly SchemaVersion[] {
  const { id, schemaVersion } = tenant;
  if (schemaVersion > VERSIONS.length) {
    throw new TenantDatabaseError(
      "SCHEMA_VERSION",
      `tenant "${id}": version ${schemaVersion} is unknown; allowed: 1 to ${VERSIONS.length}`,
    );
  }
  if (schemaVersion < applied) {
    throw new TenantDatabaseError(
      "SCHEMA_VERSION",
      `tenant "${id}": version ${schemaVersion} is behind version ${applied}, which is applied; versions only go up`,
    );
  }
  return VERSIONS.filter(({ version }) => version > applied && version <= schemaVersion);
}

/** Values of every statement about a tenant. */
export function sqlValues(tenant: TenantInput): Readonly<Record<string, SqlValue>> {
  return {
    id: tenant.id,
    role: tenant.role,
    schema: tenant.schema,
    tier: tenant.tier,
    state: tenant.state,
    schema_version: tenant.schemaVersion,
    connection_limit: tenant.connectionLimit,
    statement_timeout: tenant.statementTimeoutMs,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    group: TENANT_GROUP,
    provisioner: PROVISIONER,
  };
}

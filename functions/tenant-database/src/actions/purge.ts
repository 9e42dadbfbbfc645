import replacedSchemas from "../../sql/copy/replaced-schemas.sql";
import purgeRecord from "../../sql/purge-record.sql";
import purgeRole from "../../sql/purge-role.sql";
import purgeSchema from "../../sql/purge-schema.sql";
import { replacedMark } from "../aside";
import { type Database, inTransaction, type Row } from "../database";
import { TenantDatabaseError } from "../error";
import { render, type SqlValue } from "../quote";
import { endRoleSessions, readState } from "../state";
import { type ActionResult, PROVISIONER, type PurgeInput, utcDate } from "../tenant";

interface Step {
  readonly sql: string;
  readonly values?: Readonly<Record<string, SqlValue>>;
  readonly change: string;
}

/**
 * Drops an archived tenant's schema, those that a restore has replaced, and its role. The one action that destroys data.
 *
 * @throws TenantDatabaseError unless tenants.json says "purged", the schema is archived, and the retention is over
 */
export async function purge(db: Database, tenant: PurgeInput, now: Date): Promise<ActionResult> {
  if (tenant.state !== "purged") {
    throw new TenantDatabaseError("NOT_PURGEABLE", `tenant "${tenant.id}" is ${tenant.state}; allowed: purged`);
  }
  if (utcDate(now) <= tenant.retainUntil) {
    throw new TenantDatabaseError("RETENTION", `tenant "${tenant.id}" is kept until ${tenant.retainUntil}`);
  }
  const changed = await inTransaction(db, `tenant:${tenant.id}`, async () => {
    const { catalog, record } = await readState(db, tenant);
    const archived = archivedRecord(tenant, record);
    // A session from before the archive may still hold locks on the tables.
    const ended = await endRoleSessions(db, tenant.role);
    const mark = replacedMark(tenant.id);
    const { rows: replaced } = await db.query(render(replacedSchemas, { mark, provisioner: PROVISIONER }));
    const steps: readonly Step[] = [
      // Before the role, which their policies name.
      ...replaced.map(({ schema }) => ({
        sql: purgeSchema,
        values: { archived_schema: String(schema) },
        change: `schema ${String(schema)}`,
      })),
      ...(archived["has_own_schema"] === true && archived["state"] === "archived"
        ? [{ sql: purgeSchema, change: `schema ${String(archived["schema"])}` }]
        : []),
      ...(catalog["has_role"] === true ? [{ sql: purgeRole, change: `role ${tenant.role}` }] : []),
      ...(archived["state"] === "archived" ? [{ sql: purgeRecord, change: "record" }] : []),
    ];
    if (steps.length > 0) {
      const values = {
        id: tenant.id,
        role: tenant.role,
        archived_schema: String(archived["schema"]),
        retain_until: tenant.retainUntil,
        today: utcDate(now),
      };
      await db.query(steps.map((step) => render(step.sql, { ...values, ...step.values })).join("\n"));
    }
    return [...(ended ? ["sessions"] : []), ...steps.map(({ change }) => change)];
  });
  return { action: "purge", changed };
}

function archivedRecord(tenant: PurgeInput, record: Row | undefined): Row {
  if (record === undefined) {
    throw new TenantDatabaseError("TENANT_UNKNOWN", `tenant "${tenant.id}" was never provisioned`);
  }
  if (record["state"] !== "archived" && record["state"] !== "purged") {
    throw new TenantDatabaseError(
      "NOT_PURGEABLE",
      `tenant "${tenant.id}" is ${String(record["state"])} in the database; allowed: archived or purged`,
    );
  }
  return record;
}

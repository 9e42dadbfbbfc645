import endSessions from "../sql/end-sessions.sql";
import tenantRecord from "../sql/tenant-record.sql";
import tenantState from "../sql/tenant-state.sql";
import { type Database, queryRow, type Row } from "./database";
import { TenantDatabaseError } from "./error";
import { render } from "./quote";
import { PROVISIONER, TENANT_GROUP, type TenantIdentity } from "./tenant";

/** What an action finds of a tenant: two round trips. */
export interface TenantDatabaseState {
  /** Role and schema as the catalog has them. */
  readonly catalog: Row;
  /** The row of `platform.tenants`. */
  readonly record?: Row;
}

/** @throws TenantDatabaseError if the database is not bootstrapped, or a schema of the name is not the provisioner's */
export async function readState(db: Database, tenant: TenantIdentity): Promise<TenantDatabaseState> {
  const { id, role, schema } = tenant;
  const catalog = await queryRow(db, render(tenantState, { role, schema, group: TENANT_GROUP }));
  if (catalog["bootstrapped"] !== true) {
    throw new TenantDatabaseError("NOT_BOOTSTRAPPED", "run the action bootstrap first");
  }
  if (catalog["has_schema"] === true && catalog["schema_owner"] !== PROVISIONER) {
    throw new TenantDatabaseError("NAME_TAKEN", `schema "${schema}" belongs to ${String(catalog["schema_owner"])}`);
  }
  const { rows } = await db.query(render(tenantRecord, { id }));
  return { catalog, ...(rows[0] ? { record: rows[0] } : {}) };
}

/** Ends what the role's sessions are doing; returns whether there was any. */
export async function endRoleSessions(db: Database, role: string): Promise<boolean> {
  const { rows } = await db.query(render(endSessions, { role }));
  return rows.length > 0;
}

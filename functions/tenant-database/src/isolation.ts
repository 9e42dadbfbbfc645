import isolationSql from "../sql/isolation.sql";
import type { Database } from "./database";
import { TenantDatabaseError } from "./error";
import { render } from "./quote";
import { PROVISIONER, TENANT_GROUP, type TenantIdentity } from "./tenant";

/**
 * Reads the catalog for whatever could let another role at the tenant's schema or at `shared`. It holds on every server,
 * also where no event trigger may be made, and covers what an event trigger does not see: policies, grants, memberships.
 *
 * @throws TenantDatabaseError with code ISOLATION and every finding
 */
export async function assertIsolation(db: Database, tenant: TenantIdentity): Promise<void> {
  const { role, schema } = tenant;
  const { rows } = await db.query(
    render(isolationSql, { role, schema, group: TENANT_GROUP, provisioner: PROVISIONER }),
  );
  if (rows.length > 0) {
    const findings = rows.map(({ violation }) => String(violation)).join("; ");
    throw new TenantDatabaseError("ISOLATION", `tenant "${tenant.id}": ${findings}`);
  }
}

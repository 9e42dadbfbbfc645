import { LATEST_VERSION, type TenantInput } from "../../../functions/tenant-database/src";
import { TIERS } from "../../../config";
import { databaseRole, databaseSchema } from "../../../tenancy";

/** Milliseconds. */
const STATEMENT_TIMEOUT = 5_000;

/** A tenant of the standard tier, active and at the latest version. */
export function tenantInput(id: string, connectionLimit: number = TIERS.standard.connectionLimit): TenantInput {
  return {
    id,
    role: databaseRole(id),
    schema: databaseSchema(id),
    tier: TIERS.standard.name,
    state: "active",
    connectionLimit,
    statementTimeoutMs: STATEMENT_TIMEOUT,
    schemaVersion: LATEST_VERSION,
  };
}

/** As many tenants as asked for: `t-000`, `t-001`, … */
export function tenantInputs(count: number): readonly TenantInput[] {
  return Array.from({ length: count }, (_, index) => tenantInput(`t-${String(index).padStart(3, "0")}`));
}

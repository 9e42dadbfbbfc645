import type { Environment } from "../../config";
import { shardOf, type Tenant } from "../../tenancy";

/**
 * A fleet of so many tenants at today's mix: today's, and copies of them under other ids. Copies are placed as new tenants
 * are, so that shards fill as unevenly as they will. Without tenants there is no mix, and nothing grows.
 */
export function grow(tenants: readonly Tenant[], count: number, environment: Environment): readonly Tenant[] {
  const living = tenants.filter(({ state }) => state !== "purged");
  return Array.from({ length: living.length === 0 ? 0 : count }, (_, index) => {
    const tenant = living[index % living.length] as Tenant;
    const copy = Math.floor(index / living.length);
    const id = `${tenant.id}-${copy}`;
    return copy === 0 ? tenant : { ...tenant, id, shard: shardOf(id, environment.tenantShards) };
  });
}

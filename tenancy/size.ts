import { TENANT_SERVICES } from "../config";
import type { Tenant } from "./tenant";

/** Most resources of one tenant stack: a plan of more is no longer read, nor quick. */
export const MAX_STACK_RESOURCES = 1_500;

/**
 * Namespace, quota, limit range, four network policies, two authorization policies, IAM role with its policy, database, two
 * of routing, dashboard.
 */
const RESOURCES_OF_A_TENANT = 15;

/** Service account, Service, Deployment, Pod Identity association. */
const RESOURCES_OF_A_SERVICE = 4;

/** Terraform resources that a tenant needs; what the TenantConstruct makes, told without making it. */
export function resourceCount(tenant: Pick<Tenant, "state" | "replicas" | "canary" | "flagger">): number {
  if (tenant.state === "offboarding" || tenant.state === "purged") {
    return 0;
  }
  const { min, max } = tenant.replicas;
  const mayScale = max > min;
  const isActive = tenant.state === "active";
  const perService = RESOURCES_OF_A_SERVICE + (min > 1 ? 1 : 0) + (mayScale && isActive ? 1 : 0);
  const { length: analysed } = tenant.flagger;
  return (
    RESOURCES_OF_A_TENANT +
    TENANT_SERVICES.length * perService +
    (tenant.canary?.services.length ?? 0) +
    // A Canary each, and the policy for the load tester.
    (analysed > 0 && isActive ? analysed + 1 : 0) +
    (mayScale || analysed > 0 ? 1 : 0)
  );
}

/** A shard that its tenants have outgrown. */
export interface FullShard {
  /** Index, in the list given, of the tenant that no longer fits. */
  readonly index: number;
  readonly message: string;
}

/** Shards whose tenants need more than MAX_STACK_RESOURCES. */
export function fullShards(tenants: readonly (Tenant | undefined)[]): readonly FullShard[] {
  const totals = new Map<number, number>();
  for (const tenant of tenants) {
    if (tenant) {
      totals.set(tenant.shard, (totals.get(tenant.shard) ?? 0) + resourceCount(tenant));
    }
  }
  const sums = new Map<number, number>();
  return tenants.flatMap((tenant, index) => {
    if (!tenant) {
      return [];
    }
    const before = sums.get(tenant.shard) ?? 0;
    const after = before + resourceCount(tenant);
    sums.set(tenant.shard, after);
    return before <= MAX_STACK_RESOURCES && after > MAX_STACK_RESOURCES
      ? [
          {
            index,
            message:
              `shard ${tenant.shard} would hold ${totals.get(tenant.shard)} resources; ` +
              `allowed: at most ${MAX_STACK_RESOURCES}: give new rows another "shard"`,
          },
        ]
      : [];
  });
}

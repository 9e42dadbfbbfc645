import type { App, TerraformStack } from "cdktf";

import { type RegionalTenant, shardStackName } from "../tenancy";
import { TenantsStack, type TenantsStackProps } from "./tenants-stack";

export interface ShardsProps extends TenantsStackProps {
  /** All tenants of the region. */
  readonly tenants: readonly RegionalTenant[];
  /** First part of the stacks' names. @default "" */
  readonly prefix?: string;
  /** Stacks that must be there before any tenant. */
  readonly after: readonly TerraformStack[];
}

/** Adds the tenants of a region. A shard has its stack whether or not a tenant is placed in it. */
export function addShards(app: App, { tenants, prefix = "", after, ...props }: ShardsProps): void {
  for (let shard = 0; shard < props.environment.tenantShards; shard++) {
    const stack = new TenantsStack(app, `${prefix}${shardStackName(shard)}`, {
      ...props,
      tenants: tenants.filter(({ tenant }) => tenant.shard === shard),
    });
    for (const needed of after) {
      stack.addDependency(needed);
    }
  }
}

import { TENANT_SERVICES, TIER_NAMES, type TierName, TIERS } from "../../config";
import { canaryPods, type Tenant } from "../../tenancy";
import { add, busyDemand, type Fleet, restingDemand } from "./fleet";
import type { Resources } from "./node-capacity";
import type { Pool } from "./platform-share";

/** CPU in cores, memory in GiB. */
export interface Amount {
  readonly cpu: number;
  readonly memoryGib: number;
}

/** What the active tenants of a tier hold against each other and against their nodes. */
export interface TierLoad {
  readonly tier: TierName;
  readonly pool: Pool;
  readonly tenants: number;
  /** Requests of their pods at rest. */
  readonly requests: Amount;
  /** The same with every service at `replicas.max`, in a rollout. */
  readonly busy: Amount;
  /** What their quotas guarantee (`requests.*`). */
  readonly guaranteed: Amount;
  /** Limits of their pods at rest: what they would take if all ran hot at once. */
  readonly limits: Amount;
  /** What the pool's nodes offer as many as the fleet needs today; tiers of one pool share them. */
  readonly nodes: Amount;
}

/** Sums by tier, smallest tier first; a tier without active tenants has zeros. */
export function oversubscription(fleet: Fleet, tenants: readonly Tenant[]): readonly TierLoad[] {
  return TIER_NAMES.map((tier) => {
    const pool = TIERS[tier].scheduling.nodePool;
    const members = tenants.filter((tenant) => tenant.tier.name === tier && tenant.state === "active");
    const use = fleet.pools.find((one) => one.pool === pool);
    return {
      tier,
      pool,
      tenants: members.length,
      requests: amount(members.map(restingDemand).reduce(add, { pods: 0, cpuMilli: 0, memoryMi: 0 })),
      busy: amount(members.map(busyDemand).reduce(add, { pods: 0, cpuMilli: 0, memoryMi: 0 })),
      guaranteed: sum(members, ({ quota }) => ({ cpu: quota.requestsCpu, memoryGib: quota.requestsMemoryGi })),
      limits: sum(members, podLimits),
      nodes: {
        cpu: ((use?.nodes ?? 0) * (use?.node.cpuMilli ?? 0)) / 1_000,
        memoryGib: ((use?.nodes ?? 0) * (use?.node.memoryMi ?? 0)) / 1_024,
      },
    };
  });
}

function podLimits(tenant: Tenant): Amount {
  const pods = TENANT_SERVICES.length * tenant.replicas.min + canaryPods(tenant);
  const { container, sidecar } = tenant.tier;
  return {
    cpu: (pods * (container.limitsCpuMilli + sidecar.limitsCpuMilli)) / 1_000,
    memoryGib: (pods * (container.limitsMemoryMi + sidecar.limitsMemoryMi)) / 1_024,
  };
}

function amount({ cpuMilli, memoryMi }: Resources): Amount {
  return { cpu: cpuMilli / 1_000, memoryGib: memoryMi / 1_024 };
}

function sum(tenants: readonly Tenant[], figure: (tenant: Tenant) => Amount): Amount {
  return tenants
    .map(figure)
    .reduce((a, b) => ({ cpu: a.cpu + b.cpu, memoryGib: a.memoryGib + b.memoryGib }), { cpu: 0, memoryGib: 0 });
}

import {
  type Environment,
  type NodeGroupPlan,
  type NodeGroupPlans,
  nodeGroupPlans,
  TENANT_SERVICES,
} from "../../config";
import { canaryPods, type ConnectionPlan, connectionPlan, peakDemand, resourceCount, type Tenant } from "../../tenancy";
import { nodeCapacity, RESOURCE_FIGURES, type Resources } from "./node-capacity";
import { platformDemand, type Pool, POOLS } from "./platform-share";

/**
 * Share of a node's capacity that fits once pods are placed: they come in sizes, zones are kept even, and the autoscaler
 * leaves gaps. The rest is what a rollout's surge pods go into.
 */
export const PACKING = 0.95;

/** Data that a tenant keeps, in GiB (brief: 5 GB). */
export const DATA_GIB_PER_TENANT = 5;

/** Nodes of one group that a fleet needs. */
export interface NodeGroupUse {
  readonly name: keyof NodeGroupPlans;
  readonly plan: NodeGroupPlan;
  readonly spot: boolean;
  readonly nodes: number;
}

/** Demand on a pool and the nodes that it takes. */
export interface PoolUse {
  readonly pool: Pool;
  readonly demand: Resources;
  /** One node of the pool. */
  readonly node: Resources;
  /** What demand and the groups' minimum ask for, even where the groups may not grow so far. */
  readonly nodes: number;
  /** Nodes that the groups may have together. */
  readonly maxNodes: number;
  readonly groups: readonly NodeGroupUse[];
}

/** Everything about a fleet that a limit or a price is held against. */
export interface Fleet {
  readonly hasSecondRegion: boolean;
  /** Rows that are not tombstones. */
  readonly tenants: number;
  /** Active or suspended: those that have Terraform resources. */
  readonly deployed: number;
  readonly active: number;
  readonly tenantPods: number;
  readonly pools: readonly PoolUse[];
  readonly connections: ConnectionPlan;
  readonly dataGib: number;
  /** Resources of the tenant stack that holds the most. */
  readonly largestShard: number;
}

const NOTHING: Resources = { pods: 0, cpuMilli: 0, memoryMi: 0 };

/** What a tenant's pods request at rest: every service at `replicas.min`, and its canaries, sidecars included. */
export function restingDemand(tenant: Tenant): Resources {
  return demandAt(tenant, tenant.replicas.min);
}

/** What a tenant's pods request with so many replicas of every service, and its canaries, sidecars included. */
export function demandAt(tenant: Tenant, replicas: number): Resources {
  if (tenant.state !== "active") {
    return NOTHING;
  }
  const { container, sidecar } = tenant.tier;
  const pods = TENANT_SERVICES.length * replicas + canaryPods(tenant);
  return {
    pods,
    cpuMilli: pods * (container.requestsCpuMilli + sidecar.requestsCpuMilli),
    memoryMi: pods * (container.requestsMemoryMi + sidecar.requestsMemoryMi),
  };
}

/** What a tenant's pods request when every service stands at `replicas.max`, in a rollout. */
export function busyDemand(tenant: Tenant): Resources {
  if (tenant.state !== "active") {
    return NOTHING;
  }
  const { pods, requestsCpu, requestsMemoryGi } = peakDemand(tenant).quota;
  return { pods, cpuMilli: requestsCpu * 1_000, memoryMi: requestsMemoryGi * 1_024 };
}

export function add(a: Resources, b: Resources): Resources {
  return { pods: a.pods + b.pods, cpuMilli: a.cpuMilli + b.cpuMilli, memoryMi: a.memoryMi + b.memoryMi };
}

/**
 * Adds a fleet up.
 *
 * @param demandOf - what a tenant's pods request. @default - at rest: the brief's traffic moves no autoscaler
 * @throws InputError if a node group's instance type is unknown
 * @throws Error if the environment's instance class is unknown
 */
export function measureFleet(
  environment: Environment,
  tenants: readonly Tenant[],
  demandOf: (tenant: Tenant) => Resources = restingDemand,
): Fleet {
  const demands = new Map<Pool, Resources>(POOLS.map((pool) => [pool, platformDemand(pool)]));
  const shards = new Map<number, number>();
  let tenantPods = 0;
  for (const tenant of tenants) {
    const demand = demandOf(tenant);
    const { nodePool } = tenant.tier.scheduling;
    tenantPods += demand.pods;
    demands.set(nodePool, add(demands.get(nodePool) ?? NOTHING, demand));
    shards.set(tenant.shard, (shards.get(tenant.shard) ?? 0) + resourceCount(tenant));
  }
  const living = tenants.filter(({ state }) => state !== "purged");
  return {
    hasSecondRegion: environment.secondary.role !== "off",
    tenants: living.length,
    deployed: living.filter(({ state }) => state !== "offboarding").length,
    active: living.filter(({ state }) => state === "active").length,
    tenantPods,
    pools: POOLS.map((pool) => poolUse(pool, demands.get(pool) ?? NOTHING, environment)),
    connections: connectionPlan(environment, tenants),
    dataGib: living.length * DATA_GIB_PER_TENANT,
    largestShard: Math.max(0, ...shards.values()),
  };
}

function poolUse(pool: Pool, demand: Resources, environment: Environment): PoolUse {
  const plans = nodeGroupPlans(environment);
  const groups: readonly Omit<NodeGroupUse, "nodes">[] =
    pool === "standard"
      ? [
          { name: "standardOnDemand", plan: plans.standardOnDemand, spot: false },
          ...(plans.standardSpot ? [{ name: "standardSpot", plan: plans.standardSpot, spot: true } as const] : []),
        ]
      : [{ name: pool, plan: plans[pool], spot: false }];
  // Types of one pool are of one size, or the autoscaler could not plan with them.
  const node = nodeCapacity(groups[0]?.plan.instanceTypes[0] ?? "");
  const needed = Math.max(...RESOURCE_FIGURES.map((figure) => Math.ceil(demand[figure] / (node[figure] * PACKING))));
  const atLeast = groups.reduce((sum, { plan }) => sum + plan.min, 0);
  const nodes = Math.max(needed, atLeast);
  const maxNodes = groups.reduce((sum, { plan }) => sum + plan.max, 0);
  return { pool, demand, node, nodes, maxNodes, groups: share(groups, nodes, environment.savings.spotFirst) };
}

/**
 * Nodes over a pool's groups as the autoscaler adds them: the same number in each, or spot first. Beyond their largest
 * sizes, which is where the pool would have to be made larger, all grow in proportion.
 */
function share(
  groups: readonly Omit<NodeGroupUse, "nodes">[],
  nodes: number,
  spotFirst: boolean,
): readonly NodeGroupUse[] {
  const onDemand = groups.filter(({ spot }) => !spot);
  const total = (of: typeof groups, size: "min" | "max"): number => of.reduce((sum, { plan }) => sum + plan[size], 0);
  const max = total(groups, "max");
  const largest = (size: number): number => (size * Math.max(nodes, max)) / max;
  const least = Math.ceil(nodes - largest(max - total(onDemand, "max")));
  const wanted = spotFirst ? 0 : Math.min(Math.ceil(nodes / 2), Math.floor(largest(total(onDemand, "max"))));
  const held = Math.max(total(onDemand, "min"), least, wanted);
  return groups.map((group) => ({ ...group, nodes: group.spot ? nodes - held : held }));
}

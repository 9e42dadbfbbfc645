import { TIER_NAMES, type TierName } from "../../config";
import type { Tenant, TenantState } from "../../tenancy";
import { DATA_GIB_PER_TENANT, type Fleet, PACKING, type PoolUse, restingDemand } from "../limits/fleet";
import { RESOURCE_FIGURES, type Resources } from "../limits/node-capacity";
import { platformDemand } from "../limits/platform-share";
import { BACKUP_COPIES, type CostLine, type Share } from "./lines";
import { monthlyRequests } from "./usage";

/** How each kind of line is shared out, as the report says it. */
export const WEIGHTS: readonly { readonly part: keyof CostParts; readonly by: string }[] = [
  {
    part: "compute",
    by: "CPU and memory requests on the tier's pool, half and half; the platform's own pods by requests sent",
  },
  { part: "database", by: "instance and proxy by CONNECTION LIMIT; storage evenly" },
  { part: "traffic", by: "expected requests: the rate class's share of the brief's 50 million over 500 tenants" },
  { part: "platform", by: "volumes and Container Insights by pods; the rest evenly" },
];

/** US dollars a month. */
export interface CostParts {
  readonly compute: number;
  readonly database: number;
  readonly traffic: number;
  readonly platform: number;
}

const PARTS: Readonly<Record<string, keyof CostParts>> = {
  pool: "compute",
  connections: "database",
  data: "database",
  requests: "traffic",
  pods: "platform",
  even: "platform",
};

/** What a tenant costs and brings in, in US dollars a month. */
export interface TenantCost extends CostParts {
  readonly id: string;
  readonly tier: TierName;
  readonly state: TenantState;
  /** Requests a month that it is expected to send. */
  readonly requests: number;
  /** Pods at rest. */
  readonly pods: number;
  readonly total: number;
  /** What it pays: its tier's price while active. */
  readonly price: number;
  readonly margin: number;
  /** What would not be spent without it: its part of full nodes, its data, its traffic. */
  readonly own: number;
}

/** The same summed over a tier. */
export interface TierCost extends CostParts {
  readonly tier: TierName;
  readonly tenants: number;
  readonly total: number;
  readonly price: number;
  readonly margin: number;
  /** @default - the tier has no active tenant */
  readonly perTenant?: number;
}

/** Lines that grow with each request. */
const TRAFFIC_LINES = ["load-balancer-traffic", "nat-data", "web-acl-requests", "egress", "cross-zone"];

/** What each tenant's share of the lines comes to, in the order of the tenants. Tombstones cost nothing and are left out. */
export function allocate(lines: readonly CostLine[], fleet: Fleet, tenants: readonly Tenant[]): readonly TenantCost[] {
  const living = tenants.filter(({ state }) => state !== "purged");
  const sums = totals(living);
  const byShare = new Map<Share, number>();
  for (const { share, usd } of lines) {
    byShare.set(share, (byShare.get(share) ?? 0) + usd);
  }
  return living.map((tenant) => {
    const parts = { compute: 0, database: 0, traffic: 0, platform: 0 };
    for (const [share, usd] of byShare) {
      parts[PARTS[share.split(":")[0] ?? ""] ?? "platform"] += usd * fraction(share, tenant, fleet, sums);
    }
    const total = parts.compute + parts.database + parts.traffic + parts.platform;
    const price = tenant.state === "active" ? tenant.tier.priceUsd : 0;
    return {
      id: tenant.id,
      tier: tenant.tier.name,
      state: tenant.state,
      requests: Math.round(monthlyRequests(tenant)),
      pods: restingDemand(tenant).pods,
      ...parts,
      total,
      price,
      margin: price - total,
      own: ownCost(lines, tenant, fleet, sums),
    };
  });
}

/** Sums by tier, smallest first; tenants that are not active count with their cost. */
export function byTier(costs: readonly TenantCost[]): readonly TierCost[] {
  return TIER_NAMES.map((tier) => {
    const members = costs.filter((cost) => cost.tier === tier);
    const sum = (figure: keyof CostParts | "total" | "price" | "margin"): number =>
      members.reduce((total, cost) => total + cost[figure], 0);
    const active = members.filter(({ state }) => state === "active").length;
    return {
      tier,
      tenants: active,
      compute: sum("compute"),
      database: sum("database"),
      traffic: sum("traffic"),
      platform: sum("platform"),
      total: sum("total"),
      price: sum("price"),
      margin: sum("margin"),
      ...(active === 0 ? {} : { perTenant: sum("total") / active }),
    };
  });
}

interface Totals {
  readonly connections: number;
  readonly requests: number;
  readonly pods: number;
  readonly living: number;
  readonly deployed: number;
}

function totals(tenants: readonly Tenant[]): Totals {
  const sum = (figure: (tenant: Tenant) => number): number =>
    tenants.reduce((total, tenant) => total + figure(tenant), 0);
  return {
    connections: sum(connections),
    requests: sum(monthlyRequests),
    pods: sum((tenant) => restingDemand(tenant).pods),
    living: tenants.length,
    deployed: tenants.filter(isDeployed).length,
  };
}

/** A tenant's part of what is shared by a key; together the parts of all tenants are 1, or 0 if nobody has any. */
function fraction(share: Share, tenant: Tenant, fleet: Fleet, sums: Totals): number {
  switch (share) {
    case "connections":
      return part(connections(tenant), sums.connections);
    case "data":
      return part(1, sums.living);
    case "requests":
      return part(monthlyRequests(tenant), sums.requests);
    case "pods":
      return part(restingDemand(tenant).pods, sums.pods);
    case "even":
      return part(isDeployed(tenant) ? 1 : 0, sums.deployed);
    default:
      return poolFraction(poolOf(fleet, share), tenant, sums);
  }
}

function poolFraction(pool: PoolUse, tenant: Tenant, sums: Totals): number {
  const own = tenant.tier.scheduling.nodePool === pool.pool ? blend(restingDemand(tenant), pool.demand) : 0;
  return own + blend(platformDemand(pool.pool), pool.demand) * part(monthlyRequests(tenant), sums.requests);
}

/** CPU and memory of one demand as parts of another, half and half. */
function blend(of: Resources, all: Resources): number {
  return (part(of.cpuMilli, all.cpuMilli) + part(of.memoryMi, all.memoryMi)) / 2;
}

function ownCost(lines: readonly CostLine[], tenant: Tenant, fleet: Fleet, sums: Totals): number {
  const usd = (wanted: (line: CostLine) => boolean): number =>
    lines.filter(wanted).reduce((sum, one) => sum + one.usd, 0);
  const pool = poolOf(fleet, `pool:${tenant.tier.scheduling.nodePool}`);
  const demand = restingDemand(tenant);
  const nodes = Math.max(...RESOURCE_FIGURES.map((figure) => demand[figure] / (pool.node[figure] * PACKING)));
  const price = (line: string): number => lines.find(({ id }) => id === line)?.price.usd ?? 0;
  return (
    nodes * (usd(({ share }) => share === `pool:${pool.pool}`) / pool.nodes) +
    DATA_GIB_PER_TENANT * (price("database-storage") + BACKUP_COPIES * price("database-backups")) +
    usd(({ id }) => TRAFFIC_LINES.includes(id)) * part(monthlyRequests(tenant), sums.requests)
  );
}

function poolOf(fleet: Fleet, share: `pool:${string}`): PoolUse {
  const pool = fleet.pools.find((one) => `pool:${one.pool}` === share);
  if (pool === undefined) {
    throw new Error(`the fleet has no ${share}`);
  }
  return pool;
}

function connections({ state, connectionLimit }: Tenant): number {
  return state === "active" ? connectionLimit : 0;
}

function isDeployed({ state }: Tenant): boolean {
  return state === "active" || state === "suspended";
}

function part(of: number, all: number): number {
  return all === 0 ? 0 : of / all;
}

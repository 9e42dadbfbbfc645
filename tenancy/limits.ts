import type { Environment, TierName } from "../config";
import type { Tenant } from "./tenant";

/** Memory of the instance classes that this platform may run on, in GiB, smallest first (RDS user guide, instance classes). */
export const INSTANCE_MEMORY_GIB: Readonly<Record<string, number>> = {
  "db.t4g.medium": 4,
  "db.t4g.large": 8,
  "db.r6g.large": 16,
  "db.r6g.xlarge": 32,
  "db.r6g.2xlarge": 64,
  "db.r6g.4xlarge": 128,
};

/**
 * What the operating system and RDS leave of a class's memory, in per cent: public reports of `max_connections` lie 5 to
 * 10 % below what the class's whole memory would give. The plan takes the lower end.
 */
const INSTANCE_MEMORY_PERCENT = 90;

/** Share of `max_connections` for the proxy, in per cent: AWS asks for 30 % of headroom (RDS Proxy best practices). */
export const PROXY_PERCENT = 70;

/** Tenants that the platform is built for (brief): so many backends the proxy keeps open while nobody uses them. */
export const PLANNED_TENANTS = 500;

/**
 * Connections of the tenant-database function to the instance, past the proxy: one an invocation, and no more invocations
 * than these at a time, however many tenants are applied at once. An invocation takes 0.1 s at least, so 20 of them log in
 * 200 times a second at most, which is where IAM logins to an instance end (RDS user guide, IAM database authentication);
 * and 20 are a sixth of the smallest class's reserve.
 */
export const PROVISIONING_CONNECTIONS = 20;

/** Share of the active tenants, in per cent, that may stand at their CONNECTION LIMIT in the same moment. */
const BURSTING_PERCENT = 10;

/** What an instance class gives. */
export interface ConnectionPool {
  /** Connections that PostgreSQL takes, at the least. */
  readonly maxConnections: number;
  /** Backends that the proxy may open. */
  readonly backends: number;
  /** The rest: the tenant-database function, operators, RDS itself. */
  readonly reserve: number;
}

/** A fleet's connections against its instance. */
export interface ConnectionPlan extends ConnectionPool {
  readonly instanceClass: string;
  /** Tenants whose role may log in. */
  readonly activeTenants: number;
  /** Sum of the active tenants' CONNECTION LIMITs, by tier. */
  readonly limits: Readonly<Partial<Record<TierName, number>>>;
  /** Sum of all of them, in multiples of `backends`: a limit is what a tenant may not exceed, not what it is promised. */
  readonly oversubscription: number;
  /** Backends beyond the first of each tenant, when those with the highest limits stand at them, by tier. */
  readonly burst: Readonly<Partial<Record<TierName, number>>>;
  /** Backends open in the expected peak: one for each active tenant, and the burst. */
  readonly expectedPeak: number;
}

type Client = Pick<Tenant, "tier" | "state" | "connectionLimit">;

/**
 * Connections of an instance class. `max_connections` is LEAST(DBInstanceClassMemory / 9531392, 5000) (RDS user guide,
 * quotas), where DBInstanceClassMemory is less than the class's memory.
 *
 * @throws Error if the class is unknown
 */
export function connectionPool(instanceClass: string): ConnectionPool {
  const gib = INSTANCE_MEMORY_GIB[instanceClass];
  if (gib === undefined) {
    const known = Object.keys(INSTANCE_MEMORY_GIB).join(", ");
    throw new Error(`database.instanceClass: memory of ${instanceClass} is unknown; known: ${known}`);
  }
  const bytes = (gib * 1024 ** 3 * INSTANCE_MEMORY_PERCENT) / 100;
  const maxConnections = Math.min(Math.floor(bytes / 9_531_392), 5_000);
  const backends = Math.floor((maxConnections * PROXY_PERCENT) / 100);
  return { maxConnections, backends, reserve: maxConnections - backends };
}

/**
 * What a fleet asks of its database. RDS Proxy reuses a backend only for the same user, and each tenant has a user of its
 * own, so the pool is many small ones: each active tenant keeps one backend, and a busy one has more, up to its limit. All
 * limits together may exceed the pool, for not all tenants are busy at once; a tenth of them, the hungriest, may be.
 *
 * The brief's figure is 500 tenants × 3 services × 2 replicas × 0.5 = 1,500, which counts connected clients. Ours for 500
 * tenants in the usual mix of tiers is 1,450 backends: 500, and 950 for 50 tenants of tier enterprise at their limit of
 * 20. Traffic alone asks for less: 200 requests a second in the peak and the bound of 500 ms each hold 100 backends.
 *
 * @throws Error if the environment's instance class is unknown
 */
export function connectionPlan(environment: Pick<Environment, "database">, tenants: readonly Client[]): ConnectionPlan {
  const { instanceClass } = environment.database;
  const pool = connectionPool(instanceClass);
  const active = tenants.filter(({ state }) => state === "active");
  const bursting = [...active]
    .sort((a, b) => b.connectionLimit - a.connectionLimit)
    .slice(0, Math.ceil((active.length * BURSTING_PERCENT) / 100));
  const limits = sumByTier(active, ({ connectionLimit }) => connectionLimit);
  const burst = sumByTier(bursting, ({ connectionLimit }) => connectionLimit - 1);
  return {
    ...pool,
    instanceClass,
    activeTenants: active.length,
    limits,
    oversubscription: total(limits) / pool.backends,
    burst,
    expectedPeak: active.length + total(burst),
  };
}

/**
 * Why a fleet does not fit its database, each with what to change; empty if it fits. Nothing here breaks at once: clients
 * would wait for a backend, or have it opened anew, which is what a tenant's neighbours must not cause.
 *
 * @param setting - where the database's plan stands in the environment
 * @throws Error if the environment's instance class is unknown
 */
export function connectionShortfalls(
  environment: Pick<Environment, "database">,
  tenants: readonly Client[],
  setting = "database",
): readonly string[] {
  const plan = connectionPlan(environment, tenants);
  const { instanceClass, backends, activeTenants, expectedPeak } = plan;
  const pool = `${setting}.instanceClass: ${instanceClass} leaves the proxy ${backends} connections; `;
  if (activeTenants > backends) {
    return [`${pool}${activeTenants} active tenants need one each; ${largerClass(activeTenants)}`];
  }
  if (expectedPeak > backends) {
    const [tier, connections] = hungriest(plan);
    return [
      `${pool}${activeTenants} active tenants and their bursts need ${expectedPeak}; ${largerClass(expectedPeak)}, or ` +
        `lower connectionLimit of tier ${tier} and of its overrides, which take ${connections} of them`,
    ];
  }
  return [];
}

function sumByTier(tenants: readonly Client[], figure: (tenant: Client) => number): Partial<Record<TierName, number>> {
  const sums: Partial<Record<TierName, number>> = {};
  for (const tenant of tenants) {
    sums[tenant.tier.name] = (sums[tenant.tier.name] ?? 0) + figure(tenant);
  }
  return sums;
}

function total(sums: Readonly<Partial<Record<TierName, number>>>): number {
  return Object.values(sums).reduce((sum, one) => sum + one, 0);
}

/** The tier that takes most of the burst, and how much. */
function hungriest({ burst }: ConnectionPlan): readonly [string, number] {
  return Object.entries(burst).reduce((most, one) => (one[1] > most[1] ? one : most), ["", 0]);
}

function largerClass(backends: number): string {
  const fitting = Object.keys(INSTANCE_MEMORY_GIB).find((name) => connectionPool(name).backends >= backends);
  return fitting === undefined
    ? "no class has as many: give the tenants a second instance"
    : `take ${fitting} or larger`;
}

import { type Tier, TIERS } from "../../config";

/** Memory of the instance classes that this platform may run on, in GiB (RDS user guide, instance classes). */
const INSTANCE_MEMORY_GIB: Readonly<Record<string, number>> = {
  "db.t4g.medium": 4,
  "db.t4g.large": 8,
  "db.r6g.large": 16,
  "db.r6g.xlarge": 32,
  "db.r6g.2xlarge": 64,
  "db.r6g.4xlarge": 128,
};

/** Tenants that the platform is built for (brief). */
const PLANNED_TENANTS = 500;

/** Share of `max_connections` for the proxy: AWS asks for 30 % of headroom (RDS Proxy best practices). */
const MAX_CONNECTIONS_PERCENT = 70;

/** Share of the pool, in per cent, that one tenant may hold by the highest CONNECTION LIMIT of its tier. */
const ONE_TENANT_PERCENT = 10;

/** Connection pool of the proxy's target group. */
export interface ProxyPool {
  /** Most that PostgreSQL takes, by RDS's formula. */
  readonly maxConnections: number;
  /** Backends that the proxy may open. */
  readonly backends: number;
  /** `backends` in per cent of `maxConnections`. */
  readonly maxConnectionsPercent: number;
  /** Idle backends that stay open, in per cent of `maxConnections`. */
  readonly maxIdleConnectionsPercent: number;
  /** Seconds that a client waits for a backend. */
  readonly borrowTimeoutSeconds: number;
}

/**
 * The pool for an instance class. RDS Proxy reuses a backend only for the same database user, and each tenant has a user
 * of its own, so the pool is 500 small ones: it must hold a backend for every tenant, keeps that one open while idle, and
 * no tenant's CONNECTION LIMIT may be so high that a few tenants drain it.
 *
 * The brief sizes the proxy at tenants × services × replicas × 0.5 = 500 × 3 × 2 × 0.5 = 1,500 connections. That counts
 * clients which are connected at once; a pool is sized by backends, and only an open transaction holds one. At 200
 * requests a second in the peak and the bound of 500 ms each, 100 are open. Production's db.r6g.xlarge gives 2,522
 * backends, more than either; the brief's db.r6g.large gives 1,261 and could not hold its own 1,500.
 *
 * @throws Error if the class is unknown, if its pool cannot hold the planned tenants, or if one tenant may drain it
 */
export function proxyPool(instanceClass: string, tiers: Readonly<Record<string, Tier>> = TIERS): ProxyPool {
  const max = maxConnections(instanceClass);
  const backends = Math.floor((max * MAX_CONNECTIONS_PERCENT) / 100);
  if (backends < PLANNED_TENANTS) {
    throw new Error(
      `database.instanceClass: ${instanceClass} leaves the proxy ${backends} connections; ` +
        `${PLANNED_TENANTS} tenants need one each`,
    );
  }
  for (const tier of Object.values(tiers)) {
    checkTier(tier, backends);
  }
  return {
    maxConnections: max,
    backends,
    maxConnectionsPercent: MAX_CONNECTIONS_PERCENT,
    maxIdleConnectionsPercent: Math.ceil((100 * PLANNED_TENANTS) / max),
    // RDS's own default, kept on purpose: clients wait as long for the new writer in a failover, which takes one to two
    // minutes.
    borrowTimeoutSeconds: 120,
  };
}

/**
 * LEAST(DBInstanceClassMemory / 9531392, 5000) (RDS user guide, quotas). DBInstanceClassMemory is less than the class's
 * memory by what the operating system and RDS take, so the real figure is some 5 to 10 % lower.
 */
function maxConnections(instanceClass: string): number {
  const gib = INSTANCE_MEMORY_GIB[instanceClass];
  if (gib === undefined) {
    const known = Object.keys(INSTANCE_MEMORY_GIB).join(", ");
    throw new Error(`database.instanceClass: memory of ${instanceClass} is unknown; known: ${known}`);
  }
  return Math.min(Math.floor((gib * 1024 ** 3) / 9_531_392), 5_000);
}

function checkTier(tier: Tier, backends: number): void {
  const limit = tier.overrideLimits.connectionLimit;
  if (limit * 100 > backends * ONE_TENANT_PERCENT) {
    throw new Error(
      `tier ${tier.name}: one tenant may take ${limit} of the proxy's ${backends} connections; ` +
        `allowed: ${ONE_TENANT_PERCENT} %`,
    );
  }
}

import { type Tier, TIERS } from "../../config";
import { connectionPool, PLANNED_TENANTS, PROXY_PERCENT } from "../../tenancy";

/** Share of the pool, in per cent, that one tenant may hold by the highest CONNECTION LIMIT of its tier. */
const ONE_TENANT_PERCENT = 10;

/** Connection pool of the proxy's target group. */
export interface ProxyPool {
  /** Backends that the proxy may open, in per cent of `max_connections`. */
  readonly maxConnectionsPercent: number;
  /** Idle backends that stay open, in per cent of `max_connections`. */
  readonly maxIdleConnectionsPercent: number;
  /** Seconds that a client waits for a backend. */
  readonly borrowTimeoutSeconds: number;
}

/**
 * The pool for an instance class, sized for the planned tenants and not for those that there are, so that a new tenant
 * changes nothing here; `connectionShortfalls` of `tenancy` tells when the tenants have outgrown it. It must hold a backend
 * for every tenant, keeps that one open while idle, and no tenant's CONNECTION LIMIT may be so high that a few tenants
 * drain it.
 *
 * The brief sizes the proxy at 1,500 connections. Production's db.r6g.xlarge gives 2,270 backends at the least; the
 * brief's db.r6g.large gives 1,135 and could not hold its own 1,500.
 *
 * @throws Error if the class is unknown, if its pool cannot hold the planned tenants, or if one tenant may drain it
 */
export function proxyPool(instanceClass: string, tiers: Readonly<Record<string, Tier>> = TIERS): ProxyPool {
  const { maxConnections, backends } = connectionPool(instanceClass);
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
    maxConnectionsPercent: PROXY_PERCENT,
    maxIdleConnectionsPercent: Math.ceil((100 * PLANNED_TENANTS) / maxConnections),
    // RDS's own default, kept on purpose: clients wait as long for the new writer in a failover, which takes one to two
    // minutes.
    borrowTimeoutSeconds: 120,
  };
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

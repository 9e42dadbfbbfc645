import { type Environment, secondaryEnvironment, serves } from "../config";
import { connectionShortfalls } from "./limits";
import type { Tenant } from "./tenant";

/** A tenant as it stands in one region. */
export interface RegionalTenant {
  /** With the state that it has there. */
  readonly tenant: Tenant;
  /** Whether its IAM role is made there, and its database is the region's own. */
  readonly home: boolean;
  /** Whether it waits for a failover: no pods, and a database that takes no writes. */
  readonly standby: boolean;
}

/** Regions that a row may name: those with a database of their own. */
export function homeRegions({ region, secondary }: Environment): readonly string[] {
  return secondary.role === "off" || secondary.ownDatabase === undefined ? [region] : [region, secondary.region];
}

/**
 * The tenants that stand in an environment's region. A tenant that its row pins to a region stands there alone and stays when
 * the other is lost. All others stand in both: pods in the one that serves, the other's are suspended.
 */
export function tenantsIn(environment: Environment, tenants: readonly Tenant[]): readonly RegionalTenant[] {
  const { primary } = environment;
  return tenants.flatMap((tenant): RegionalTenant[] => {
    if (tenant.region !== undefined) {
      return tenant.region === environment.region ? [{ tenant, home: true, standby: false }] : [];
    }
    return serves(environment)
      ? [{ tenant, home: primary === undefined, standby: false }]
      : [{ tenant: suspended(tenant), home: primary === undefined, standby: primary !== undefined }];
  });
}

function suspended(tenant: Tenant): Tenant {
  return tenant.state === "active" ? { ...tenant, state: "suspended" } : tenant;
}

/** Why the tenants do not fit their regions' databases, see `connectionShortfalls`; empty if they do. */
export function databaseShortfalls(environment: Environment, tenants: readonly Tenant[]): readonly string[] {
  const { region, secondary } = environment;
  const dr = secondaryEnvironment(environment);
  const isElsewhere = ({ region: pinned }: Tenant): boolean => dr !== undefined && pinned === dr.region;
  const inPrimary = tenants.filter((tenant) => !isElsewhere(tenant));
  if (dr === undefined) {
    return connectionShortfalls(environment, inPrimary);
  }
  const { ownDatabase: database } = secondary;
  const movable = inPrimary.filter((tenant) => tenant.region !== region);
  return [
    ...connectionShortfalls(environment, inPrimary),
    ...connectionShortfalls(dr, movable, "secondary.database"),
    ...(database ? connectionShortfalls({ database }, tenants.filter(isElsewhere), "secondary.ownDatabase") : []),
  ];
}

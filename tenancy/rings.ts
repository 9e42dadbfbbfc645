import { type Ring, RINGS } from "../config";
import { hashOf } from "./placement";
import type { Tenant } from "./tenant";

/** Hashed with the id, so that a ring is no shard's. */
const SALT = "ring/";

/** The first ring that takes a tenant, by its id and tier alone: another tenant moves none. */
export function ringOf({ id, tier }: Pick<Tenant, "id" | "tier">): Ring | undefined {
  return RINGS.find(
    ({ ids, tier: wanted, percent = 100 }) =>
      ids?.includes(id) ?? (wanted === tier.name && hashOf(SALT + id) % 100 < percent),
  );
}

/** Tenants of each ring, in the order of rings. Those without workloads are in none. */
export function tenantsByRing(tenants: readonly Tenant[]): ReadonlyMap<Ring, readonly Tenant[]> {
  const served = tenants.filter(({ state }) => state === "active" || state === "suspended");
  return new Map(RINGS.map((ring) => [ring, served.filter((tenant) => ringOf(tenant) === ring)]));
}

/** Whether every service of the tenant has the release. */
export function runs(tenant: Tenant, release: string): boolean {
  return Object.values(tenant.releases).every((other) => other === release);
}

import { ENVIRONMENTS, RATE_CLASSES, TIER_NAMES, type TierName, TIERS } from "../../../config";
import { hostName } from "../../../tenancy";
import { FLEET } from "./fleet";

/** A tenant with the limit of its tier. */
export interface LimitedTenant {
  readonly tier: TierName;
  readonly id: string;
  /** What clients call it by. */
  readonly host: string;
  readonly requestsPerMinute: number;
}

/** One tenant of each tier, by its place among the tier's tenants of the fleet. */
export function tenantOfEachTier(place: number): readonly LimitedTenant[] {
  return TIER_NAMES.map((tier) => {
    const id = FLEET.filter((row) => row.tier === tier)[place]?.id;
    if (id === undefined) {
      throw new Error(`the fleet has no tenant ${place} of tier ${tier}`);
    }
    const host = hostName(id, ENVIRONMENTS.production.domain);
    return { tier, id, host, requestsPerMinute: RATE_CLASSES[TIERS[tier].rateClass].requestsPerMinute };
  });
}

/** Tokens of a tier's local bucket, which it gets in a minute: the largest class that an override may give. */
export function bucketOf(tier: TierName): number {
  return Math.max(...TIERS[tier].overrideLimits.rateClasses.map((name) => RATE_CLASSES[name].requestsPerMinute));
}

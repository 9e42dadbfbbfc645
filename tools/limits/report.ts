import type { TenantsInput } from "../cli/options";
import { measureFleet } from "./fleet";
import { readFleet } from "./fleet-file";
import { type Headroom, headroom } from "./headroom";
import { oversubscription, type TierLoad } from "./oversubscription";

/** What `limits` knows about a fleet. */
export interface LimitsReport {
  readonly limits: readonly Headroom[];
  readonly tiers: readonly TierLoad[];
}

/**
 * Every limit and the load of every tier.
 *
 * @throws UsageError if the tenants file does not exist
 * @throws TenantsError with every problem of the file at once
 */
export function limitsReport(input: TenantsInput): LimitsReport {
  const file = readFleet(input);
  return {
    limits: headroom(input.environment, file),
    tiers: oversubscription(measureFleet(input.environment, file.tenants), file.tenants),
  };
}

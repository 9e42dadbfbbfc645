import { TIER_NAMES } from "../../config";
import type { TenantRow } from "../../tenancy";

/** Of ten tenants, how many are of each tier, in the order of TIER_NAMES: many small, few large. */
const MIX = [5, 4, 1];

/** Rows of a fleet of some size, always the same for the same size; every twenty-fifth has a canary. */
export function generateRows(count: number): readonly TenantRow[] {
  const tiers = TIER_NAMES.flatMap((tier, index) => Array.from({ length: MIX[index] ?? 0 }, () => tier));
  return Array.from({ length: count }, (_, index): TenantRow => {
    const number = String(index).padStart(4, "0");
    const tier = tiers[index % tiers.length] ?? "starter";
    return {
      id: `company-${number}`,
      name: `Company ${number}`,
      tier,
      ...(index % 25 === 7 ? { canary: { release: "1.1.0" } } : {}),
    };
  });
}

/** tenants.json with these rows. */
export function tenantsJson(rows: readonly TenantRow[]): string {
  return `${JSON.stringify({ tenants: rows }, null, 2)}\n`;
}

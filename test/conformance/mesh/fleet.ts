import type { TenantRow } from "../../../tenancy";

/** Two tenants of each tier. */
export const FLEET: readonly TenantRow[] = [
  { id: "acme", name: "Acme", tier: "enterprise" },
  { id: "bolt", name: "Bolt", tier: "enterprise" },
  { id: "cedar", name: "Cedar", tier: "standard" },
  { id: "delta", name: "Delta", tier: "standard" },
  { id: "ember", name: "Ember", tier: "starter" },
  { id: "fjord", name: "Fjord", tier: "starter" },
];

import { type TierName } from "./tiers";

/** Tenants that get a release together. */
export interface Ring {
  readonly name: string;
  /** Ids of its tenants. @default - the tier's */
  readonly ids?: readonly string[];
  /** Tier of its tenants. @default - those that `ids` names */
  readonly tier?: TierName;
  /** Share of the tier's tenants, in per cent, drawn by a hash of the id. @default 100 */
  readonly percent?: number;
}

/**
 * The order in which tenants get a release: each is in the first ring that takes it. The company's own come first, then a few
 * of those with the least at stake.
 */
export const RINGS: readonly Ring[] = [
  { name: "internal", ids: ["juniper-labs"] },
  { name: "early", tier: "starter", percent: 5 },
  { name: "starter", tier: "starter" },
  { name: "standard", tier: "standard" },
  { name: "enterprise", tier: "enterprise" },
];

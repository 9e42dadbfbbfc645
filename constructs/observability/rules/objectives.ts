import { TIER_NAMES, type TierName } from "../../../config";
import type { Window } from "./recorded";

/** What a tier's clients may rely on, over any three days. */
export interface Objective {
  /** Share of requests that are not answered with 5xx, 0 to 1. */
  readonly availability: number;
  /** Share of requests that are answered within LATENCY_OBJECTIVE_MS, 0 to 1: 0.99 is a P99. */
  readonly latency: number;
}

/** Brief: P99 at most 500 ms. A bound of Istio's histogram, so that no value is interpolated. */
export const LATENCY_OBJECTIVE_MS = 500;

/** Objectives by tier. Brief: success of 99 % and P99 for everyone; the larger tiers' availability is this platform's choice. */
export const OBJECTIVES: { readonly [name in TierName]: Objective } = {
  starter: { availability: 0.99, latency: 0.99 },
  standard: { availability: 0.995, latency: 0.99 },
  enterprise: { availability: 0.999, latency: 0.99 },
};

/** A pair of windows over which the budget is burnt too fast: the long one says that it matters, the short one that it goes on. */
export interface BurnRate {
  /** How many times faster than the objective allows. */
  readonly factor: number;
  readonly long: Window;
  readonly short: Window;
  /** Somebody must act at once, or in working hours. */
  readonly urgent: boolean;
  /**
   * Bad requests within the long window below which nobody is told. An average tenant sends 2 requests a minute (brief:
   * 50 million a month over 500): one error in five minutes is a tenth of them, and means nothing.
   */
  readonly minimumBad: number;
}

/** Google, "The Site Reliability Workbook", table 5-8; the minima are this platform's. */
export const BURN_RATES: readonly BurnRate[] = [
  { factor: 14.4, long: "1h", short: "5m", urgent: true, minimumBad: 10 },
  { factor: 6, long: "6h", short: "30m", urgent: true, minimumBad: 20 },
  { factor: 3, long: "1d", short: "2h", urgent: false, minimumBad: 30 },
  { factor: 1, long: "3d", short: "6h", urgent: false, minimumBad: 60 },
];

/** Requests within the long window below which a ratio of them is not judged: half of an average tenant's hour. */
export const MINIMUM_REQUESTS = 60;

/** Share of a tier's requests that may fail (`availability`) or be slow (`latency`), without the noise of binary fractions. */
export function errorBudget(tier: TierName, objective: keyof Objective): number {
  return Number((1 - OBJECTIVES[tier][objective]).toFixed(6));
}

/** A vector of one constant for each tier. */
export function byTier(value: (tier: TierName) => number): string {
  return TIER_NAMES.map((tier) => `label_replace(vector(${value(tier)}), "tier", "${tier}", "", "")`).join(" or ");
}

import { TIER_NAMES } from "../../../config";
import { BURN_RATES, errorBudget, LATENCY_OBJECTIVE_MS, QUOTA_SHARE } from "../rules";
import { type Bounds } from "./panels";

const errorBudgets = TIER_NAMES.map((tier) => errorBudget(tier, "availability"));
const pagingFactors = BURN_RATES.filter(({ urgent }) => urgent).map(({ factor }) => factor);

/** Milliseconds of a P99. */
export const LATENCY_BOUNDS: Bounds = { warning: 0.8 * LATENCY_OBJECTIVE_MS, critical: LATENCY_OBJECTIVE_MS };

/** Share of failed requests: orange where it breaks the strictest tier's objective, red where it breaks the loosest's. */
export const ERROR_BOUNDS: Bounds = { warning: Math.min(...errorBudgets), critical: Math.max(...errorBudgets) };

/** How many times too fast an error budget is spent: the factors that page. */
export const BURN_BOUNDS: Bounds = { warning: Math.min(...pagingFactors), critical: Math.max(...pagingFactors) };

/** Share of an error budget that is left: with half of it gone, releases wait. */
export const BUDGET_BOUNDS: Bounds = { warning: 0.5, critical: 0 };

/** Share that is used of a quota, a pool or a limit: its owner is told first, then nothing is left for a rollout. */
export const USE_BOUNDS: Bounds = { warning: QUOTA_SHARE, critical: 0.95 };

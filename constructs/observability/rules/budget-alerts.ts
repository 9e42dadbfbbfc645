import { BURN_RATES, type BurnRate, MINIMUM_REQUESTS } from "./objectives";
import { type Rates, RECORDED, WINDOW_SECONDS } from "./recorded";
import { type Alert, type Runbook, SEVERITY_OF_TIER } from "./rule";

/** What an objective is about: the requests that count against it, and the share of all that may. */
interface Indicator {
  readonly name: "Error" | "Latency";
  readonly bad: { readonly tenant: Rates; readonly tier: Rates };
  readonly budget: string;
  /** What becomes of the requests. */
  readonly verb: string;
  readonly runbook: Runbook;
}

const INDICATORS: readonly Indicator[] = [
  {
    name: "Error",
    bad: { tenant: RECORDED.tenantErrors, tier: RECORDED.tierErrors },
    budget: RECORDED.tierErrorBudget,
    verb: "fail",
    runbook: "tenant-errors",
  },
  {
    name: "Latency",
    bad: { tenant: RECORDED.tenantSlow, tier: RECORDED.tierSlow },
    budget: RECORDED.tierSlowBudget,
    verb: "take over 500 ms",
    runbook: "tenant-latency",
  },
];

/**
 * Objectives that will be missed at this rate. A tier's alert wakes somebody whichever tier it is: many tenants suffer. One
 * tenant's does so where its tier says so.
 */
export function budgetAlerts(): readonly Alert[] {
  return INDICATORS.flatMap((indicator) =>
    BURN_RATES.flatMap((rate) => [tenantAlert(indicator, rate), tierAlert(indicator, rate)]),
  );
}

function tenantAlert(indicator: Indicator, rate: BurnRate): Alert {
  return {
    ...common(indicator, rate),
    name: `Tenant${indicator.name}BudgetBurn`,
    severity: rate.urgent ? SEVERITY_OF_TIER : "ticket",
    expr: burning(indicator.bad.tenant, RECORDED.tenantRequests, indicator.budget, rate),
    summary: `Requests of tenant {{ $labels.tenant }} ${indicator.verb}`,
    dashboard: "tenant",
  };
}

function tierAlert(indicator: Indicator, rate: BurnRate): Alert {
  return {
    ...common(indicator, rate),
    name: `Tier${indicator.name}BudgetBurn`,
    severity: rate.urgent ? "page" : "ticket",
    expr: burning(indicator.bad.tier, RECORDED.tierRequests, indicator.budget, rate),
    summary: `Requests of many tenants of tier {{ $labels.tier }} ${indicator.verb}`,
    dashboard: "fleet",
  };
}

function common({ verb, runbook }: Indicator, { factor, long, urgent }: BurnRate) {
  return {
    for: urgent ? "2m" : "15m",
    description: `{{ $value | humanizePercentage }} of the requests of ${long} ${verb}, ${factor} times what tier {{ $labels.tier }} allows or more.`,
    runbook,
    labels: { window: long },
  };
}

/** True, with the long window's ratio as value, where both windows burn and enough has happened for a ratio to mean anything. */
function burning(bad: Rates, all: Rates, budget: string, { factor, long, short, minimumBad }: BurnRate): string {
  const over = (window: BurnRate["long"]): string =>
    `${bad[window]} / ${all[window]} > on (tier) group_left () ${factor} * ${budget}`;
  const atLeast = (rates: Rates, count: number): string => `${rates[long]} * ${WINDOW_SECONDS[long]} >= ${count}`;
  return [over(long), over(short), atLeast(bad, minimumBad), atLeast(all, MINIMUM_REQUESTS)]
    .map((condition) => `(${condition})`)
    .join(" and ");
}

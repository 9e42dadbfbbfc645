import type { TierName } from "../../../../config";
import type { Case, Firing } from "../case";
import type { Series } from "../promtool";
import { always, durations, requests, rising, risingUntil, tenant } from "../series";

/** Requests of which a share is bad. */
interface Course {
  readonly perMinute: number;
  /** 0 to 1. */
  readonly share: number;
}

type Indicator = "Error" | "Latency";

/** A tenant whose requests fail, or are slow, in that course. */
function suffering(indicator: Indicator, id: string, tier: TierName, { perMinute, share }: Course): Series[] {
  const bad = rising(perMinute * share);
  const good = rising(perMinute * (1 - share));
  return indicator === "Error"
    ? [tenant(id, tier), requests(id, "200", good), requests(id, "503", bad)]
    : [tenant(id, tier), requests(id, "200", rising(perMinute)), ...durations(id, good, rising(perMinute))];
}

const VERBS: Readonly<Record<Indicator, string>> = { Error: "fail", Latency: "take over 500 ms" };

/** A window that burns, and how the alert says so. */
interface Burn {
  readonly window: string;
  readonly factor: number;
  readonly severity: string;
  readonly share: number;
}

function tenantFiring(indicator: Indicator, id: string, tier: string, alerts: string, burn: Burn): Firing {
  const { window, factor, share, severity } = burn;
  return {
    labels: { tenant: id, tier, alerts, severity, window },
    summary: `Requests of tenant ${id} ${VERBS[indicator]}`,
    description: `${share * 100}% of the requests of ${window} ${VERBS[indicator]}, ${factor} times what tier ${tier} allows or more.`,
    dashboard: `/d/tenant-${id}`,
  };
}

function tierFiring(indicator: Indicator, tier: string, { window, factor, share, severity }: Burn): Firing {
  return {
    labels: { tier, severity, window },
    summary: `Requests of many tenants of tier ${tier} ${VERBS[indicator]}`,
    description: `${share * 100}% of the requests of ${window} ${VERBS[indicator]}, ${factor} times what tier ${tier} allows or more.`,
    dashboard: "/d/fleet",
  };
}

/** Courses of a starter tenant, whose budget is a hundredth, of which each burns in one pair of windows alone. */
const COURSES: readonly (Course & Burn & { readonly minutes: number; readonly evaluation: string })[] = [
  { window: "1h", factor: 14.4, severity: "page", perMinute: 1.2, share: 0.2, minutes: 62, evaluation: "1m" },
  { window: "6h", factor: 6, severity: "page", perMinute: 1, share: 0.1, minutes: 250, evaluation: "5m" },
  { window: "1d", factor: 3, severity: "ticket", perMinute: 1, share: 0.04, minutes: 1_000, evaluation: "5m" },
  { window: "3d", factor: 1, severity: "ticket", perMinute: 4, share: 0.02, minutes: 1_000, evaluation: "5m" },
];

const INDICATORS: readonly Indicator[] = ["Error", "Latency"];

export function budgetCases(): readonly Case[] {
  return INDICATORS.flatMap((indicator) => [
    ...COURSES.flatMap((course) => windowCases(indicator, course)),
    ...guardCases(indicator),
  ]);
}

function windowCases(indicator: Indicator, course: (typeof COURSES)[number]): Case[] {
  const { minutes, evaluation } = course;
  return [
    {
      alert: `Tenant${indicator}BudgetBurn`,
      says: `makes a ticket of a starter tenant that burns in ${course.window} alone`,
      given: suffering(indicator, "acme", "starter", course),
      minutes,
      evaluation,
      fires: [tenantFiring(indicator, "acme", "starter", "ticket", { ...course, severity: "ticket" })],
    },
    {
      alert: `Tier${indicator}BudgetBurn`,
      says: `fires for a tier that burns in ${course.window} alone`,
      given: suffering(indicator, "acme", "starter", course),
      minutes,
      evaluation,
      fires: [tierFiring(indicator, "starter", course)],
    },
  ];
}

function guardCases(indicator: Indicator): Case[] {
  const outage = (["page", "page", "ticket", "ticket"] as const).map((severity, index) => ({
    window: ["1h", "6h", "1d", "3d"][index] ?? "",
    factor: [14.4, 6, 3, 1][index] ?? 0,
    share: 1,
    severity,
  }));
  const tenants = { alert: `Tenant${indicator}BudgetBurn` };
  const tiers = { alert: `Tier${indicator}BudgetBurn` };
  // Nine bad requests: by their share alone, both fast windows would burn.
  const nine = { perMinute: 2, share: 0.15 };
  return [
    {
      ...tenants,
      says: "wakes somebody for an enterprise tenant all of whose requests are bad",
      given: suffering(indicator, "acme", "enterprise", { perMinute: 20, share: 1 }),
      minutes: 40,
      fires: outage.map((burn) => tenantFiring(indicator, "acme", "enterprise", "page", burn)),
    },
    {
      ...tenants,
      says: "is silent about nine bad requests of an hour",
      given: suffering(indicator, "acme", "enterprise", nine),
      minutes: 30,
      fires: [],
    },
    {
      ...tenants,
      says: "is silent about a tenant of forty requests an hour, bad as they are",
      given: suffering(indicator, "acme", "enterprise", { perMinute: 1, share: 0.5 }),
      minutes: 40,
      fires: [],
    },
    {
      ...tenants,
      says: "is silent once it is over",
      given: [
        tenant("acme", "enterprise"),
        requests("acme", "200", rising(20)),
        requests("acme", "503", risingUntil(30, 20)),
        ...durations("acme", "0+0x30 20+20x2000", rising(20)),
      ],
      // The long windows still hold it; the longest short one forgets it after six hours.
      minutes: 30 + 6 * 60 + 20,
      evaluation: "5m",
      fires: [],
    },
    {
      ...tenants,
      says: "is silent about a tenant without a single request",
      given: [tenant("acme", "enterprise"), requests("acme", "200", always(7))],
      minutes: 70,
      fires: [],
    },
    {
      ...tiers,
      says: "wakes somebody though none of three tenants has bad requests enough",
      given: ["acme", "beta", "gamma"].flatMap((id) => suffering(indicator, id, "starter", nine)),
      minutes: 30,
      fires: outage.slice(0, 2).map((burn) => tierFiring(indicator, "starter", { ...burn, share: nine.share })),
    },
    {
      ...tiers,
      says: "is silent about a tier that keeps within its budget",
      given: suffering(indicator, "acme", "starter", { perMinute: 200, share: 0.009 }),
      minutes: 60,
      fires: [],
    },
    {
      ...tiers,
      says: "names the tier, and no other",
      given: [
        ...suffering(indicator, "acme", "starter", { perMinute: 20, share: 0.001 }),
        ...suffering(indicator, "beta", "standard", { perMinute: 20, share: 1 }),
      ],
      minutes: 30,
      fires: outage.map((burn) => tierFiring(indicator, "standard", burn)),
    },
  ];
}

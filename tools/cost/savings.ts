import {
  COMMITMENTS,
  type Discount,
  DISCOUNTS,
  type Environment,
  HOURS_PER_MONTH,
  type SavingsSettings,
  shareOutside,
  TIER_NAMES,
  type WorkingHours,
} from "../../config";
import type { Tenant } from "../../tenancy";
import { type CostLine, MONITORING_DEFAULTS, SAMPLE_SECONDS, TRACE_VOLUME_GIB } from "./lines";

/** Ids in the order of the report. */
const SAVING_IDS = [
  "spot",
  "spot-first",
  "compute-commitment",
  "database-reservation",
  "scale-down",
  "working-hours",
  "suspended",
  "metrics",
  "logs",
  "traces",
] as const;

export type SavingId = (typeof SAVING_IDS)[number];

/** A way to pay less: a setting, or what the platform does by itself. */
export interface Saving {
  readonly id: SavingId;
  readonly name: string;
  /** Whether it is on; otherwise the figures say what it would save. */
  readonly inForce: boolean;
  /** US dollars a month. */
  readonly usd: number;
  /** The same by line. */
  readonly byLine: Readonly<Record<string, number>>;
  /** The setting with its value, and how the figure comes about. */
  readonly basis: string;
  /** What is given up for it. */
  readonly risk: string;
}

/** Settings that a saving is priced with while it is off. */
export const PROPOSED = {
  spotShare: 0.5,
  workingHours: { timeZone: "Asia/Tokyo", from: "08:00", until: "20:00", minOutside: 0 },
  computeCommitment: 1,
} as const;

/** Hours of which the autoscaler's own part is reckoned: ten on five days. */
const OFFICE_HOURS = { from: "08:00", until: "18:00" };

const SPOT_LINE = "nodes-standardSpot";
/** The nodes that a floor holds are on demand. */
const FLOOR_LINE = "nodes-standardOnDemand";

type Lines = readonly CostLine[];

/** The estimate under other settings, which the savings are measured against. Each is on demand. */
export interface Variants {
  /** Before every saving. */
  readonly gross: Lines;
  /** The same without pods of suspended tenants; then, one after the other, with each setting of monitoring. */
  readonly suspended: Lines;
  readonly metrics: Lines;
  readonly logs: Lines;
  readonly traces: Lines;
  /** All of these, with the nodes that the fleet needs at rest. */
  readonly atRest: Lines;
  /** The same outside of the working hours, or of those proposed. */
  readonly outside: Lines;
  /** The day's nodes with as many spot as on-demand ones, and with spot first. */
  readonly evenly: Lines;
  readonly spotFirst: Lines;
}

/**
 * Every saving. Each that is on is taken off what those before it left, so that together they are never too much: first
 * what is not used at all, then another price for the rest.
 */
export function savings(environment: Environment, tenants: readonly Tenant[], variants: Variants): readonly Saving[] {
  const unused = [
    suspended(tenants, variants),
    ...monitoring(environment, variants),
    scaleDown(variants),
    floor(environment, variants),
  ];
  const taken = savedByLine(unused);
  const left = (id: string): number => usdOf(variants.gross, id) - (taken[id] ?? 0);
  const all = [
    ...unused,
    ...spot(environment, variants, left(SPOT_LINE)),
    computeCommitment(environment, variants),
    databaseReservation(environment, left("database")),
  ];
  return SAVING_IDS.flatMap((id) => all.filter((saving) => saving.id === id));
}

/** What the savings that are on take off, by line. */
export function savedByLine(all: readonly Saving[]): Readonly<Record<string, number>> {
  const saved: Record<string, number> = {};
  for (const { byLine } of all.filter(({ inForce }) => inForce)) {
    for (const [id, usd] of Object.entries(byLine)) {
      saved[id] = (saved[id] ?? 0) + usd;
    }
  }
  return saved;
}

function suspended(tenants: readonly Tenant[], variants: Variants): Saving {
  const count = tenants.filter(({ state }) => state === "suspended").length;
  return saving("suspended", "Suspended at zero pods", true, differences(variants.gross, variants.suspended), {
    basis: `tenants.json, state: ${count} suspended; nodes are saved whole or not at all`,
    risk: "who is resumed waits for pods, and for a node where none is free",
  });
}

function monitoring({ savings: settings, logRetentionDays }: Environment, variants: Variants): readonly Saving[] {
  const { metricRetentionDays, tracesKeptPercent } = settings;
  const kept = TIER_NAMES.map((tier) => `${tier} ${tracesKeptPercent[tier]}`).join(", ");
  return [
    saving("metrics", "Metrics", true, differences(variants.suspended, variants.metrics), {
      basis:
        `savings.metricRetentionDays: ${metricRetentionDays} instead of ${MONITORING_DEFAULTS.retentionDays}; ` +
        `Container Insights every ${SAMPLE_SECONDS} s instead of ${MONITORING_DEFAULTS.sampleSeconds}`,
      risk: `nothing older than ${metricRetentionDays} days to compare with`,
    }),
    saving("logs", "Logs", true, differences(variants.metrics, variants.logs), {
      basis: `logRetentionDays: ${logRetentionDays} instead of ${MONITORING_DEFAULTS.logDays}, written as before`,
      risk: `what is found out after ${logRetentionDays} days has left no log; auditors may ask for a year`,
    }),
    saving("traces", "Traces", true, differences(variants.logs, variants.traces), {
      basis:
        `savings.tracesKeptPercent: ${kept} instead of 100; Jaeger's volume is ${TRACE_VOLUME_GIB} GiB at least, ` +
        "and proxies send every trace whatever is kept",
      risk: "an ordinary request that somebody asks about has left no trace",
    }),
  ];
}

function scaleDown(variants: Variants): Saving {
  const nodes = ({ id }: CostLine): boolean => id.startsWith("nodes-");
  const byLine = differences(variants.traces.filter(nodes), variants.atRest, shareOutside(OFFICE_HOURS));
  return saving("scale-down", "Autoscaler at night", true, byLine, {
    basis:
      "nodes of the busiest hour less those at rest, outside 10 hours on 5 days; " +
      "tenants' floors, not their traffic, hold the nodes",
    risk: "the first of the morning wait for nodes",
  });
}

function floor({ savings: { workingHours }, cluster }: Environment, { atRest, outside }: Variants): Saving {
  const { timeZone, from, until, minOutside }: WorkingHours = workingHours ?? PROPOSED.workingHours;
  const usd =
    (usdOf(atRest, FLOOR_LINE, SPOT_LINE) - usdOf(outside, FLOOR_LINE, SPOT_LINE)) * shareOutside({ from, until });
  return saving(
    "working-hours",
    "Lower floor at night",
    workingHours !== undefined,
    { [FLOOR_LINE]: usd },
    {
      basis:
        `${setting(workingHours !== undefined, "workingHours", `${from} to ${until} ${timeZone}`)}, ${minOutside} instead of ` +
        `${cluster.nodeGroups.standard.min} standard nodes outside; saves where the floor, not requests, holds them`,
      risk: "pods of a busy night wait for a node",
    },
  );
}

/** Spot in even numbers with on demand, and what spot first adds to that. */
function spot({ savings: { spotShare, spotFirst } }: Environment, variants: Variants, left: number): readonly Saving[] {
  const discount = 1 - DISCOUNTS.spot.factor;
  const on = spotShare > 0;
  const evenly = usdOf(variants.evenly, SPOT_LINE);
  const first = usdOf(variants.spotFirst, SPOT_LINE);
  const evenPart = on && spotFirst && first > 0 ? evenly / first : 1;
  return [
    saving(
      "spot",
      "Spot nodes",
      on,
      { [SPOT_LINE]: (on ? left * evenPart : evenly) * discount },
      {
        basis: `${setting(on, "spotShare", spotShare || PROPOSED.spotShare)}; ${basisOf(DISCOUNTS.spot)}`,
        risk: "AWS takes nodes back on two minutes' notice, many at once; tenants of one replica are away until it starts anew",
      },
    ),
    saving(
      "spot-first",
      "Spot before on demand",
      on && spotFirst,
      { [SPOT_LINE]: (on && spotFirst ? left * (1 - evenPart) : first - evenly) * discount },
      {
        basis: `${setting(on && spotFirst, "spotFirst", true)}; on-demand nodes at the pool's floor alone, while there is spot`,
        risk: "a shortage of spot takes most of the pool at once; on-demand nodes follow after five minutes",
      },
    ),
  ];
}

function computeCommitment({ savings: settings }: Environment, { atRest, outside }: Variants): Saving {
  const { compute } = COMMITMENTS[settings.commitmentTerm];
  const on = settings.computeCommitment > 0;
  const coverage = settings.computeCommitment || PROPOSED.computeCommitment;
  const held = (settings.workingHours ? outside : atRest).filter(
    ({ id }) => id.startsWith("nodes-") && id !== SPOT_LINE,
  );
  const byLine = Object.fromEntries(held.map(({ id, usd }) => [id, usd * coverage * (1 - compute.factor)]));
  const hourly = (held.reduce((sum, { usd }) => sum + usd, 0) * coverage * compute.factor) / HOURS_PER_MONTH;
  return saving("compute-commitment", "Compute Savings Plan", on, byLine, {
    basis:
      `${setting(on, "computeCommitment", coverage)}, the share of on-demand nodes at rest: ` +
      `$${hourly.toFixed(2)} an hour; ` +
      basisOf(compute),
    risk: "paid for the whole term, whether nodes run or not",
  });
}

function databaseReservation({ savings: settings, database }: Environment, left: number): Saving {
  const discount = COMMITMENTS[settings.commitmentTerm].database;
  const byLine = { database: left * (1 - discount.factor) };
  return saving("database-reservation", "Database reservation", settings.databaseReserved, byLine, {
    basis: `${setting(settings.databaseReserved, "databaseReserved", true)}, ${database.instanceClass}; ${basisOf(discount)}`,
    risk: "paid for the whole term; holds for the class's family alone",
  });
}

function saving(
  id: SavingId,
  name: string,
  inForce: boolean,
  byLine: Readonly<Record<string, number>>,
  words: Pick<Saving, "basis" | "risk">,
): Saving {
  return { id, name, inForce, usd: Object.values(byLine).reduce((sum, usd) => sum + usd, 0), byLine, ...words };
}

function usdOf(lines: Lines, ...ids: readonly string[]): number {
  return lines.filter(({ id }) => ids.includes(id)).reduce((sum, { usd }) => sum + usd, 0);
}

/** What a second estimate takes off each line of a first, where it takes any, for a part of the month. */
function differences(from: Lines, to: Lines, share = 1): Readonly<Record<string, number>> {
  return Object.fromEntries(
    from.map(({ id, usd }) => [id, (usd - usdOf(to, id)) * share] as const).filter(([, usd]) => usd !== 0),
  );
}

/** A setting with its value, or with the one that it is priced with while it is off. */
function setting(on: boolean, name: keyof SavingsSettings, value: string | number | boolean): string {
  return `${on ? "" : "with "}savings.${name}: ${value}`;
}

function basisOf({ what, factor, confidence }: Discount): string {
  return `${what}: ${Math.round((1 - factor) * 100)} % off (${confidence})`;
}

import { type Discount, DISCOUNTS } from "../../config";
import type { CostLine } from "./lines";

/** A way to pay less, computed from the settings. */
export interface Saving {
  readonly id: "spot" | "reservations" | "scale-down" | "monitoring";
  readonly name: string;
  /** Whether the settings have it already; otherwise somebody has to buy it. */
  readonly inForce: boolean;
  /** US dollars a month. */
  readonly usd: number;
  /** The same by line. */
  readonly byLine: Readonly<Record<string, number>>;
  /** How the figure comes about. */
  readonly basis: string;
}

/** Share of a week outside ten working hours on five days. */
const OFF_HOURS = 1 - (10 * 5) / (24 * 7);

/** The estimate under other settings, which the savings are measured against. */
export interface Variants {
  /** On demand, with the day's nodes at all hours, and monitoring as its charts come. */
  readonly gross: readonly CostLine[];
  /** The same with the nodes that the fleet needs at night. */
  readonly night: readonly CostLine[];
  /** The same as `gross` with monitoring as the platform sets it. */
  readonly monitored: readonly CostLine[];
}

/** The brief's four savings. Each is taken off what those before it left, so that together they are never too much. */
export function savings({ gross, night, monitored }: Variants): readonly Saving[] {
  const nodes = gross.filter(({ id }) => id.startsWith("nodes-"));
  const scaleDown = differences(gross, night, (usd) => usd * OFF_HOURS, isNodes);
  const left = (line: CostLine): number => line.usd - (scaleDown[line.id] ?? 0);
  const spot = off(
    nodes.filter(({ id }) => id === "nodes-standardSpot"),
    left,
    DISCOUNTS.spot,
  );
  const reservedNodes = off(
    nodes.filter(({ id }) => id !== "nodes-standardSpot"),
    left,
    DISCOUNTS.computeSavingsPlan,
  );
  const reservedDatabase = off(
    gross.filter(({ id }) => id === "database"),
    left,
    DISCOUNTS.databaseReservation,
  );
  return [
    saving("spot", "Spot nodes", true, spot, basisOf(DISCOUNTS.spot)),
    saving(
      "reservations",
      "Reservations",
      false,
      { ...reservedNodes, ...reservedDatabase },
      `${basisOf(DISCOUNTS.computeSavingsPlan)}; ${basisOf(DISCOUNTS.databaseReservation)}`,
    ),
    saving(
      "scale-down",
      "Nights and weekends",
      true,
      scaleDown,
      "nodes of the busiest hour less those at rest, outside 10 hours on 5 days; " +
        "tenants' floors, not their traffic, hold the nodes",
    ),
    saving(
      "monitoring",
      "Monitoring",
      true,
      differences(
        gross,
        monitored,
        (usd) => usd,
        () => true,
      ),
      "metrics for 7 days instead of 10, Container Insights every 300 s instead of 60",
    ),
  ];
}

/** What the settings save already, by line. */
export function savedByLine(all: readonly Saving[]): Readonly<Record<string, number>> {
  const saved: Record<string, number> = {};
  for (const { byLine } of all.filter(({ inForce }) => inForce)) {
    for (const [id, usd] of Object.entries(byLine)) {
      saved[id] = (saved[id] ?? 0) + usd;
    }
  }
  return saved;
}

function saving(
  id: Saving["id"],
  name: string,
  inForce: boolean,
  byLine: Readonly<Record<string, number>>,
  basis: string,
): Saving {
  return { id, name, inForce, usd: Object.values(byLine).reduce((sum, usd) => sum + usd, 0), byLine, basis };
}

function isNodes({ id }: CostLine): boolean {
  return id.startsWith("nodes-");
}

/** What a second estimate takes off each line of a first, where it takes any. */
function differences(
  from: readonly CostLine[],
  to: readonly CostLine[],
  weigh: (usd: number) => number,
  counts: (line: CostLine) => boolean,
): Readonly<Record<string, number>> {
  const after = new Map(to.map(({ id, usd }) => [id, usd]));
  return Object.fromEntries(
    from
      .filter(counts)
      .map(({ id, usd }) => [id, weigh(usd - (after.get(id) ?? usd))] as const)
      .filter(([, usd]) => usd !== 0),
  );
}

function off(
  lines: readonly CostLine[],
  left: (line: CostLine) => number,
  { factor }: Discount,
): Readonly<Record<string, number>> {
  return Object.fromEntries(lines.map((line) => [line.id, left(line) * (1 - factor)]));
}

function basisOf({ what, factor, confidence }: Discount): string {
  return `${what}: ${Math.round((1 - factor) * 100)} % off (${confidence})`;
}

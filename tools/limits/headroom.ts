import { type Environment, type Limit, type LimitId, LIMITS } from "../../config";
import type { Tenant } from "../../tenancy";
import { capacities } from "./capacity";
import { type Fleet, measureFleet } from "./fleet";
import type { FleetFile, RowPosition } from "./fleet-file";
import { grow } from "./growth";
import { USE } from "./use";

/** Tenants up to which the fleet is extrapolated: ten times what the platform is built for. */
export const HORIZON = 5_000;

/** Share of a limit from which on it is warned about, and at which it is a finding. */
const WARNING_SHARE = 0.8;
export const FINDING_SHARE = 1;

export type Level = "ok" | "warning" | "finding";

/** A limit, and where the fleet stands. */
export interface Headroom extends Pick<Limit, "name" | "value" | "unit" | "scope" | "source" | "date" | "adjustable"> {
  readonly id: string;
  /** Who draws the line; `Capacity` is what the environment buys. */
  readonly owner: Limit["owner"] | "Capacity";
  readonly raisedFrom?: number;
  readonly used: number;
  /** `used` over `value`. */
  readonly share: number;
  readonly level: Level;
  /**
   * Tenants of today's mix with which the limit is reached.
   * @default - not below `HORIZON` tenants
   */
  readonly bindsAt?: number;
  /**
   * The row that took the fleet over the line of `level`, where rows did.
   * @default - the platform alone is over it, or nothing is
   */
  readonly row?: RowPosition & { readonly tenant: string };
}

interface Line extends Omit<Headroom, "used" | "share" | "level" | "value" | "bindsAt" | "row"> {
  readonly use: (fleet: Fleet) => number;
  readonly ceiling: (fleet: Fleet) => number;
}

/** Every limit, in the order of `config/limits.ts`, then the environment's capacities. */
export function headroom(environment: Environment, file: FleetFile): readonly Headroom[] {
  const today = measureFleet(environment, file.tenants);
  const grown = fleetsOf(environment, grow(file.tenants, HORIZON, environment));
  const rows = fleetsOf(environment, file.inFileOrder);
  return lines(environment).map(({ use, ceiling, ...line }) => {
    const share = (fleet: Fleet): number => use(fleet) / ceiling(fleet);
    const level = levelOf(share(today));
    const first = firstCount(HORIZON, (count) => share(grown(count)) >= FINDING_SHARE);
    const row = level === "ok" ? undefined : crossing(file, rows, share, level);
    return {
      ...line,
      used: use(today),
      value: ceiling(today),
      share: share(today),
      level,
      ...(first === undefined ? {} : { bindsAt: first }),
      ...(row === undefined ? {} : { row }),
    };
  });
}

/** The limits that bind within the horizon, the nearest first. */
export function byBinding(limits: readonly Headroom[]): readonly Headroom[] {
  return limits
    .filter(({ bindsAt }) => bindsAt !== undefined)
    .sort((a, b) => (a.bindsAt ?? 0) - (b.bindsAt ?? 0) || b.share - a.share);
}

function lines(environment: Environment): readonly Line[] {
  const fixed = (Object.keys(LIMITS) as LimitId[]).map((id): Line => {
    const { value, ...limit }: Limit = LIMITS[id];
    return { id, ...limit, use: USE[id], ceiling: () => value };
  });
  const bought = capacities(environment).map(({ id, name, unit, setting, use, value }): Line => {
    return {
      id,
      owner: "Capacity",
      name,
      unit,
      scope: environment.name,
      adjustable: true,
      source: `config/platform.ts, ${setting}`,
      date: "today",
      use,
      ceiling: value,
    };
  });
  return [...fixed, ...bought];
}

function levelOf(share: number): Level {
  return share >= FINDING_SHARE ? "finding" : share >= WARNING_SHARE ? "warning" : "ok";
}

/** The fleet of the first so many tenants, each measured once. */
function fleetsOf(environment: Environment, tenants: readonly Tenant[]): (count: number) => Fleet {
  const fleets = new Map<number, Fleet>();
  return (count) => {
    const known = fleets.get(count) ?? measureFleet(environment, tenants.slice(0, count));
    fleets.set(count, known);
    return known;
  };
}

/** The least count up to `most` that fulfils a condition which larger ones fulfil too. */
function firstCount(most: number, holds: (count: number) => boolean): number | undefined {
  if (!holds(most)) {
    return undefined;
  }
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/** The row with which the fleet, read from the top of the file, comes to the level. */
function crossing(
  file: FleetFile,
  rows: (count: number) => Fleet,
  share: (fleet: Fleet) => number,
  level: Level,
): Headroom["row"] {
  const line = level === "finding" ? FINDING_SHARE : WARNING_SHARE;
  const count = firstCount(file.inFileOrder.length, (tenants) => share(rows(tenants)) >= line);
  const tenant = count === undefined || count === 0 ? undefined : file.inFileOrder[count - 1];
  const position = tenant && file.positionOf(tenant.id);
  return tenant && position ? { tenant: tenant.id, line: position.line, column: position.column } : undefined;
}

import { type Environment, InputError, TIER_NAMES, type TierName } from "../config";
import { type Finding, findingsOf } from "./finding";
import { type HistoryOptions, historyFindings } from "./history";
import { parseTenants } from "./load";
import { databaseShortfalls } from "./regions";
import { TENANT_STATES, type TenantState } from "./row";
import { rowChanges, type RowChanges, rowsById } from "./rows";
import type { Tenant } from "./tenant";

export interface CheckInput {
  readonly text: string;
  /** Name of the text in messages. */
  readonly file: string;
  readonly environment: Environment;
  /**
   * What the text is compared with.
   * @default - nothing: the text is judged by itself
   */
  readonly base?: HistoryOptions & { readonly text: string; readonly file: string };
}

/** How many tenants there are of each kind. */
export interface FleetCount {
  readonly tenants: number;
  readonly tiers: Readonly<Partial<Record<TierName, number>>>;
  readonly states: Readonly<Partial<Record<TenantState, number>>>;
}

export interface CheckReport {
  readonly findings: readonly Finding[];
  /** Absent if the text does not pass. */
  readonly fleet?: FleetCount;
  /** Absent without a base. */
  readonly rows?: RowChanges;
}

/** Judges a tenants file, by itself and against what it was: everything wrong at once, and nothing is synthesized. */
export function check({ text, file, environment, base }: CheckInput): CheckReport {
  const { tenants, findings } = judge(text, file, environment);
  const fleet = tenants === undefined ? {} : { fleet: count(tenants) };
  if (base === undefined) {
    return { findings, ...fleet };
  }
  const before = rowsById(base.text, environment);
  const after = rowsById(text, environment);
  // Rows of a text that is no JSON have not vanished.
  const history =
    after.size === 0 && tenants === undefined
      ? []
      : historyFindings({ file: base.file, rows: before }, { file, rows: after }, base);
  return {
    findings: [...findings, ...history],
    ...fleet,
    rows: rowChanges(before, after),
  };
}

function judge(
  text: string,
  file: string,
  environment: Environment,
): { readonly tenants?: readonly Tenant[]; readonly findings: readonly Finding[] } {
  try {
    const tenants = parseTenants(text, environment, file);
    return {
      tenants,
      findings: databaseShortfalls(environment, tenants).map((message) => ({ file: "config/platform.ts", message })),
    };
  } catch (error) {
    if (!(error instanceof InputError)) {
      throw error;
    }
    return { findings: findingsOf(error) };
  }
}

function count(tenants: readonly Tenant[]): FleetCount {
  return {
    tenants: tenants.length,
    tiers: countBy(tenants, TIER_NAMES, ({ tier }) => tier.name),
    states: countBy(tenants, TENANT_STATES, ({ state }) => state),
  };
}

/** Names in their own order, those that nobody bears left out. */
function countBy<Name extends string>(
  tenants: readonly Tenant[],
  names: readonly Name[],
  nameOf: (tenant: Tenant) => Name,
): Partial<Record<Name, number>> {
  const counts: Partial<Record<Name, number>> = {};
  for (const name of names) {
    const { length } = tenants.filter((tenant) => nameOf(tenant) === name);
    if (length > 0) {
      counts[name] = length;
    }
  }
  return counts;
}

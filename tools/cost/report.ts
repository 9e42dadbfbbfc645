import type { Environment } from "../../config";
import { PLANNED_TENANTS, type Tenant } from "../../tenancy";
import { measureFleet } from "../limits/fleet";
import { grow } from "../limits/growth";
import { allocate, byTier, type TenantCost, type TierCost } from "./allocation";
import { type BriefLine, compareWithBrief } from "./brief";
import { estimate } from "./estimate";
import type { CostLine } from "./lines";
import { savedByLine, type Saving } from "./savings";

/** A line with what the settings save of it. US dollars a month. */
export interface NetLine extends CostLine {
  readonly net: number;
}

/** What a fleet costs, in US dollars a month. */
export interface CostReport {
  readonly lines: readonly NetLine[];
  /** On demand, before any saving. */
  readonly gross: number;
  readonly savings: readonly Saving[];
  /** After the savings that the settings have already. */
  readonly net: number;
  readonly revenue: number;
  readonly margin: number;
  readonly tiers: readonly TierCost[];
  /** Sorted by id. */
  readonly tenants: readonly TenantCost[];
}

/** What the brief's table is compared with. */
export interface BriefComparison {
  /** As many as the brief counts, at today's mix. */
  readonly tenants: number;
  readonly lines: readonly BriefLine[];
}

/** How a change of the tenants file changes the estimate. US dollars a month. */
export interface CostDifference {
  readonly net: number;
  readonly revenue: number;
  /** Lines that change, by their names. */
  readonly lines: readonly { readonly name: string; readonly before: number; readonly after: number }[];
  /** Tenants that come, go or are built otherwise; a line's new share alone is no change of a tenant. */
  readonly tenants: readonly { readonly id: string; readonly before?: TenantCost; readonly after?: TenantCost }[];
}

/** Differences below this are what a longer list of tenants does to everybody's share. */
const CENT = 0.01;

/**
 * The estimate for a fleet.
 *
 * @throws InputError if the region, an instance type or the instance class has no price
 */
export function costReport(environment: Environment, tenants: readonly Tenant[]): CostReport {
  const { lines: gross, savings } = estimate(environment, tenants);
  const saved = savedByLine(savings);
  const lines = gross.map((line) => ({ ...line, net: line.usd - (saved[line.id] ?? 0) }));
  const night = measureFleet(environment, tenants);
  const costs = allocate(
    lines.map((line) => ({ ...line, usd: line.net })),
    night,
    tenants,
  );
  const net = sum(lines, ({ net: usd }) => usd);
  const revenue = sum(costs, ({ price }) => price);
  return {
    lines,
    gross: sum(gross, ({ usd }) => usd),
    savings,
    net,
    revenue,
    margin: revenue - net,
    tiers: byTier(costs),
    tenants: costs,
  };
}

/** The brief's table, beside what as many tenants as it counts would cost at today's mix. */
export function briefComparison(environment: Environment, tenants: readonly Tenant[]): BriefComparison {
  const grown = grow(tenants, PLANNED_TENANTS, environment);
  return { tenants: grown.length, lines: compareWithBrief(estimate(environment, grown)) };
}

/** What a change costs. Prices and settings are today's on both sides. */
export function costDifference(before: CostReport, after: CostReport): CostDifference {
  const earlier = new Map(before.lines.map((line) => [line.id, line.net]));
  const ids = [...new Set([...before.tenants, ...after.tenants].map(({ id }) => id))].sort();
  const find = (report: CostReport, id: string): TenantCost | undefined =>
    report.tenants.find((tenant) => tenant.id === id);
  return {
    net: after.net - before.net,
    revenue: after.revenue - before.revenue,
    lines: after.lines
      .map(({ id, name, net }) => ({ name, before: earlier.get(id) ?? 0, after: net }))
      .filter((line) => Math.abs(line.after - line.before) >= CENT),
    tenants: ids
      .map((id) => ({ id, before: find(before, id), after: find(after, id) }))
      .filter((tenant) => isChanged(tenant.before, tenant.after))
      .map(({ id, before: was, after: is }) => ({ id, ...(was ? { before: was } : {}), ...(is ? { after: is } : {}) })),
  };
}

function isChanged(before: TenantCost | undefined, after: TenantCost | undefined): boolean {
  return (
    before === undefined ||
    after === undefined ||
    before.tier !== after.tier ||
    before.state !== after.state ||
    before.requests !== after.requests ||
    before.pods !== after.pods
  );
}

function sum<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((total, item) => total + figure(item), 0);
}

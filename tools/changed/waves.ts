import { TIER_NAMES, type TierName } from "../../config";
import { shardStackName, type Tenant } from "../../tenancy";
import { compareText } from "../manifests/json";
import type { Change, Output } from "./compare";
import { hasRemoteState } from "./output";

/** When a stack is applied: the platform first, then tenant shards by what is at stake in them. */
export const WAVES = ["platform", "canary", ...TIER_NAMES] as const;

export type Wave = (typeof WAVES)[number];

/** As shardStackName writes it, and as it begins in a second region; a shard without a tenant is one too. */
const SHARD = /^(?:dr-)?(tenants-\d{2,})$/;

/** A changed stack with its turn. */
export interface PlannedStack {
  readonly stack: string;
  readonly wave: Wave;
}

/** A changed shard of one region and the tenants that its change touches. */
interface Shard {
  readonly stack: string;
  /** The shard's name, which is the same in both regions. */
  readonly name: string;
  readonly touched: readonly Tenant[];
  /** Sum of the touched tenants' list prices, US dollars a month. */
  readonly stake: number;
}

/**
 * The changed stacks in the order of their applies. Stacks whose state CI cannot reach are left out.
 *
 * A shard is applied as a whole and holds tenants of all tiers, so it goes with the highest tier that its change touches.
 * The wave `canary` is one shard: of those with a tenant that runs a canary release the one with the least at stake, or the
 * one with the least of all, in both regions where there are two: one of them serves it. A single changed shard has nothing
 * to go before. Within a wave the shards with less at stake come first: a change to everybody has nearly all shards in the
 * last wave, where this order and the health check before each apply are what bounds it. Of one shard in two regions the
 * primary's comes first: tenants' roles are made there.
 */
export function planStacks(
  after: Output,
  changes: readonly Change[],
  tenants: readonly Tenant[],
): readonly PlannedStack[] {
  const changed = [...new Set(changes.map(({ stack }) => stack))].filter((name) => {
    const stack = after.get(name);
    return stack !== undefined && hasRemoteState(stack);
  });
  const isShard = (name: string): boolean => SHARD.test(name);
  const shards = changed
    .filter(isShard)
    .map((stack) => shardOfStack(stack, changes, tenants))
    .sort((a, b) => a.stake - b.stake || compareText(a.name, b.name) || compareText(b.stack, a.stack));
  const several = new Set(shards.map(({ name }) => name)).size > 1;
  const first = several
    ? (shards.find(({ touched }) => touched.some(({ canary }) => canary)) ?? shards[0])?.name
    : undefined;
  const planned = [
    ...inDependencyOrder(
      after,
      changed.filter((name) => !isShard(name)),
    ).map((stack) => ({ stack, wave: "platform" as const })),
    ...shards.map((shard) => ({
      stack: shard.stack,
      wave: shard.name === first ? ("canary" as const) : highestTier(shard.touched),
    })),
  ];
  // Array.prototype.sort is stable: the order within a wave stays.
  return planned.sort((a, b) => WAVES.indexOf(a.wave) - WAVES.indexOf(b.wave));
}

/** What changes in a shard outside of its tenants' own resources touches them all. */
function shardOfStack(stack: string, changes: readonly Change[], tenants: readonly Tenant[]): Shard {
  const own = changes.filter((change) => change.stack === stack);
  const name = SHARD.exec(stack)?.[1] ?? stack;
  const all = tenants.filter(({ shard }) => shardStackName(shard) === name);
  const ids = new Set(own.map(({ tenant }) => tenant));
  const touched = ids.has(undefined) ? all : all.filter(({ id }) => ids.has(id));
  return { stack, name, touched, stake: touched.reduce((sum, { tier }) => sum + tier.priceUsd, 0) };
}

function highestTier(tenants: readonly Tenant[]): TierName {
  const ranks = tenants.map(({ tier }) => TIER_NAMES.indexOf(tier.name));
  return TIER_NAMES[Math.max(0, ...ranks)] ?? "starter";
}

function inDependencyOrder(output: Output, names: readonly string[]): readonly string[] {
  const depth = (name: string): number => {
    const needs = output.get(name)?.dependencies ?? [];
    return needs.length === 0 ? 0 : 1 + Math.max(...needs.map(depth));
  };
  return [...names].sort((a, b) => depth(a) - depth(b) || compareText(a, b));
}

import type { Tenant } from "../../tenancy";
import type { Finding } from "../cli/finding";
import { compareText } from "../manifests/json";
import { type Change, compareOutputs } from "./compare";
import { type ChangeContext, changeFindings } from "./findings";
import { grouped } from "../grouped";
import { planStacks, type PlannedStack } from "./waves";

/** How many resources differ, by what happens to them. */
export type Counts = Readonly<Record<Change["action"], number>>;

export interface TenantChanges {
  readonly id: string;
  /** What became of the row, where that is known. */
  readonly row?: "added" | "changed" | "removed" | "same";
  /** `tenants.json:9`, where the row is known. */
  readonly place?: string;
  readonly counts: Counts;
  readonly changes: readonly Change[];
}

export interface StackChanges {
  readonly stack: string;
  /** What no tenant owns. */
  readonly changes: readonly Change[];
}

export interface ChangedReport {
  /** The ref or folder compared with. */
  readonly base: string;
  readonly findings: readonly Finding[];
  /** Files that every tenant is made from and that differ; empty if rows alone differ. */
  readonly sharedFiles: readonly string[];
  /** Names of all stacks that differ. */
  readonly stacks: readonly string[];
  readonly counts: Counts;
  readonly tenants: readonly TenantChanges[];
  readonly platform: readonly StackChanges[];
  /** Stacks that CI applies, in order. */
  readonly plan: readonly PlannedStack[];
  /** Changed stacks whose state CI cannot reach: somebody applies them. */
  readonly byHand: readonly string[];
}

export interface ReportInput extends ChangeContext {
  readonly base: string;
  /** The tenants as they are after the change. */
  readonly fleet: readonly Tenant[];
}

/** What differs between two synths, whose it is, and what is wrong with that. */
export function reportChanges(input: ReportInput): ChangedReport {
  const changes = compareOutputs(input.before, input.after);
  const byTenant = grouped(
    changes.filter(({ tenant }) => tenant !== undefined),
    ({ tenant }) => tenant ?? "",
  );
  const byStack = grouped(
    changes.filter(({ tenant }) => tenant === undefined),
    ({ stack }) => stack,
  );
  const stacks = [...new Set(changes.map(({ stack }) => stack))].sort(compareText);
  const plan = planStacks(input.after, changes, input.fleet);
  const planned = new Set(plan.map(({ stack }) => stack));
  return {
    base: input.base,
    findings: changeFindings(changes, input),
    sharedFiles: input.sharedFiles,
    stacks,
    counts: count(changes),
    tenants: [...byTenant]
      .sort(([a], [b]) => compareText(a, b))
      .map(([id, own]) => ({ id, ...rowOf(id, input), counts: count(own), changes: own })),
    platform: [...byStack].map(([stack, own]) => ({ stack, changes: own })),
    plan,
    byHand: stacks.filter((stack) => input.after.has(stack) && !planned.has(stack)),
  };
}

function count(changes: readonly Change[]): Counts {
  const of = (action: Change["action"]): number =>
    changes.filter((change) => change.type !== undefined && change.action === action).length;
  return { added: of("added"), changed: of("changed"), replaced: of("replaced"), removed: of("removed") };
}

function rowOf(id: string, { rows }: ChangeContext): Pick<TenantChanges, "row" | "place"> {
  if (rows === undefined) {
    return {};
  }
  const before = rows.before.get(id);
  const after = rows.after.get(id);
  const { added, changed, removed } = rows.changes;
  const row = added.includes(id)
    ? "added"
    : removed.includes(id)
      ? "removed"
      : changed.includes(id)
        ? "changed"
        : "same";
  const place = after ? `${rows.file}:${after.line}` : before ? `${rows.baseFile}:${before.line}` : undefined;
  return { row, ...(place === undefined ? {} : { place }) };
}

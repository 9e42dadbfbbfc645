import type { TenantState } from "./row";

/**
 * States that may follow each one in a single change, itself included.
 *
 * Forward one step at a time: suspended is where a mistake shows while nothing is lost yet, so nobody goes from active to
 * offboarding at once. Back from suspended and from offboarding, for those lose nothing either: the archived schema is
 * restored (`functions/tenant-database`). Never back from purged, whose data is gone and whose id the database refuses.
 */
const NEXT: Readonly<Record<TenantState, readonly TenantState[]>> = {
  active: ["active", "suspended"],
  suspended: ["suspended", "active", "offboarding"],
  offboarding: ["offboarding", "suspended", "active", "purged"],
  purged: ["purged"],
};

/** States that a new row may begin in: a tenant may be made ready before it is let in. */
export const FIRST_STATES: readonly TenantState[] = ["active", "suspended"];

/** Why a state may not follow another, or undefined if it may. */
export function forbiddenMove(from: TenantState, to: TenantState): string | undefined {
  return NEXT[from].includes(to)
    ? undefined
    : `state moves from "${from}" to "${to}"; allowed after "${from}": ${NEXT[from].join(", ")}`;
}

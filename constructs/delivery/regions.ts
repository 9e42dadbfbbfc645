import type { ConditionValues } from "./policy";

/** Holds for requests to these regions. */
export function requestedIn(regions: readonly string[]): Record<string, ConditionValues> {
  return { StringEquals: { "aws:RequestedRegion": oneOrAll(regions) } };
}

/** A single value stands bare in IAM's JSON. */
export function oneOrAll(values: readonly string[]): string | readonly string[] {
  return values.length === 1 && values[0] !== undefined ? values[0] : values;
}

import { type AddressBlock, type AddressRange, ALL_ADDRESSES, contains, touches } from "./addresses";

/** How much of what a connection can carry a condition matches. */
export enum Match {
  None,
  /** It depends on what this tool cannot know: a request's path, a pod's address. */
  Some,
  All,
}

/** Istio's patterns: exact, `prefix*`, `*suffix`, and `*` for anything that is there. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (pattern === "*") {
    return text !== "";
  }
  if (pattern.endsWith("*")) {
    return text.startsWith(pattern.slice(0, -1));
  }
  return pattern.startsWith("*") ? text.endsWith(pattern.slice(1)) : text === pattern;
}

export function matchAddress(block: AddressBlock | "IPv6" | undefined, addresses: readonly AddressRange[]): Match {
  if (typeof block !== "object") {
    return Match.None;
  }
  if (contains(block.within, ALL_ADDRESSES)) {
    return Match.All;
  }
  if (addresses.length === 0) {
    return Match.Some;
  }
  if (addresses.every((range) => contains(block.within, range))) {
    return Match.All;
  }
  return addresses.some((range) => touches(block, range)) ? Match.Some : Match.None;
}

export function most(matches: readonly Match[]): Match {
  return Math.max(Match.None, ...matches);
}

export function least(matches: readonly Match[]): Match {
  return Math.min(Match.All, ...matches);
}

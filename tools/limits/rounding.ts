/** Digits behind the point that JSON output keeps: sums in another order must not give other bytes. */
const DIGITS = 4;

/** The same data with every number rounded. */
export function rounded(data: unknown): unknown {
  if (typeof data === "number") {
    return Number(data.toFixed(DIGITS));
  }
  if (Array.isArray(data)) {
    return data.map(rounded);
  }
  if (typeof data === "object" && data !== null) {
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, rounded(value)]));
  }
  return data;
}

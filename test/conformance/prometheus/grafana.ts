import type { Range } from "./client";
import type { PanelQuery } from "./dashboards";

/** Range that the dashboards open with, in seconds. */
export const OPENING_RANGE_SECONDS = 6 * 3_600;

/** Interval of the data source, in seconds (kube-prometheus-stack sets Prometheus' scrape interval). */
const SCRAPE_SECONDS = 30;

/** Points across the whole width of a window of 1,920 pixels. */
const POINTS_ACROSS = 1_840;
const COLUMNS = 24;

/** Steps that Grafana rounds to, in seconds, each for what lies below the second number (`roundInterval`). */
const STEPS: readonly (readonly [step: number, below: number])[] = [
  [30, 45],
  [60, 90],
  [120, 210],
  [300, 450],
  [600, 750],
];

/** Seconds between two points of a panel that shows `seconds` (`calculateInterval` of Grafana). */
export function stepOf({ width }: Pick<PanelQuery, "width">, seconds: number): number {
  const wanted = Math.max(seconds / ((POINTS_ACROSS * width) / COLUMNS), SCRAPE_SECONDS);
  return STEPS.find(([, below]) => wanted < below)?.[0] ?? 900;
}

/** Start, end and step of a panel's query, aligned to the step. */
export function rangeOf(query: PanelQuery, now: number): Range {
  const step = stepOf(query, OPENING_RANGE_SECONDS);
  const end = Math.floor(now / step) * step;
  return { start: end - OPENING_RANGE_SECONDS, end, step };
}

/**
 * The panel's expression with Grafana's variables filled in (Grafana, "Prometheus template variables").
 * @throws Error if a variable remains
 */
export function expressionOf(query: PanelQuery): string {
  const step = stepOf(query, OPENING_RANGE_SECONDS);
  const values: Readonly<Record<string, string>> = {
    __interval: `${step}s`,
    __interval_ms: String(step * 1_000),
    __rate_interval: `${Math.max(step + SCRAPE_SECONDS, 4 * SCRAPE_SECONDS)}s`,
    __range: `${OPENING_RANGE_SECONDS}s`,
    __range_s: String(OPENING_RANGE_SECONDS),
    __range_ms: String(OPENING_RANGE_SECONDS * 1_000),
  };
  const text = String(query.target["expr"]).replaceAll(
    /\$(\w+)|\$\{(\w+)\}/g,
    (whole, bare?: string, braced?: string) => values[bare ?? braced ?? ""] ?? whole,
  );
  const [unknown] = /\$\{?[A-Za-z_]\w*\}?/.exec(text) ?? [];
  if (unknown !== undefined) {
    throw new Error(`${query.dashboard}, "${query.panel}": no value for ${unknown}`);
  }
  return text;
}

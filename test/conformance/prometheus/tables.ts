import { type BudgetRow, shown } from "./budget";
import type { PanelResult } from "./panels";

/** Lines of a table whose columns are as wide as they must be; the first is text, the others are figures. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .join("\n");
}

/** What Prometheus takes, beside its budget. */
export function budgetTable(rows: readonly BudgetRow[]): string {
  const cells = rows.map(({ name, unit, measured, budget }) => [
    name,
    shown(measured),
    shown(budget),
    unit,
    `${Math.round((measured / budget) * 100)} %`,
  ]);
  return `what Prometheus takes\n${table(["", "measured", "budget", "", "share"], cells)}`;
}

/** How long each dashboard's queries took, and the slowest of them. */
export function panelTable(results: readonly PanelResult[]): string {
  const slowest = (of: readonly PanelResult[]): PanelResult | undefined =>
    [...of].sort((left, right) => right.range - left.range)[0];
  const dashboards = [...new Set(results.map(({ query }) => query.dashboard))];
  const cells = dashboards.map((dashboard) => {
    const own = results.filter(({ query }) => query.dashboard === dashboard);
    const worst = slowest(own);
    return [
      dashboard,
      String(own.length),
      String(Math.round(Math.max(...own.map(({ instant }) => instant)))),
      String(Math.round(worst?.range ?? 0)),
      worst?.query.panel ?? "",
    ];
  });
  return `slowest queries, in milliseconds\n${table(["dashboard", "queries", "now", "six hours", "slowest panel"], cells)}`;
}

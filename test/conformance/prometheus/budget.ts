import { NAMESPACES } from "../../../config";
import { type MetricsPlan, SERIES, SERIES_CEILING } from "../../../constructs/observability/metrics-plan";
import { namespaceName } from "../../../tenancy";
import type { PrometheusClient } from "./client";
import { SELF_JOB } from "./scrape-config";

const GIB = 2 ** 30;

/** A figure beside what was planned for it. */
export interface BudgetRow {
  readonly name: string;
  readonly unit: string;
  readonly measured: number;
  /** The most that it may be. */
  readonly budget: number;
}

/** What Prometheus takes, and what one of the tenants adds to it, beside the plan. */
export async function measureBudget(
  client: PrometheusClient,
  plan: MetricsPlan,
  tenant: string,
): Promise<readonly BudgetRow[]> {
  const self = `{job="${SELF_JOB}"}`;
  const [series, inGateway, recorded, heap, resident] = await Promise.all(
    [
      "prometheus_tsdb_head_series",
      seriesInGateway(tenant),
      `count({tenant="${tenant}",__name__=~"(tenant|gateway):.+"})`,
      // Collections start when the heap has grown by GOGC per cent over what was alive.
      `go_memstats_next_gc_bytes${self} / (1 + go_gc_gogc_percent${self} / 100) / ${GIB}`,
      `process_resident_memory_bytes${self} / ${GIB}`,
    ].map((expr) => client.value(expr)),
  );
  const row = (name: string, measured = NaN, budget: number, unit = ""): BudgetRow => ({
    name,
    measured,
    budget,
    unit,
  });
  return [
    row("series in the head, of the plan", series, plan.series),
    row("series in the head, of the ceiling", series, SERIES_CEILING),
    row("series of a tenant in one gateway", inGateway, SERIES.perTenantAndGateway),
    row("recorded series of a tenant", recorded, SERIES.recordedPerTenant),
    row("live heap, of the memory requested", heap, plan.memoryRequestGi, "GiB"),
    row("resident memory, of the limit", resident, plan.memoryLimitGi, "GiB"),
  ];
}

/** Counts what a gateway says of a tenant: its requests, and the pools towards its services. */
function seriesInGateway(tenant: string): string {
  const namespace = `namespace="${NAMESPACES.istioIngress}"`;
  const name = namespaceName(tenant);
  const requests = `count by (pod) ({${namespace},destination_service_namespace="${name}"})`;
  const pools = `count by (pod) ({${namespace},cluster_name=~"outbound.+[.]${name}[.].+"})`;
  return `max(${requests} + ${pools})`;
}

/** Rows over their budget, as sentences. */
export function overBudget(rows: readonly BudgetRow[]): readonly string[] {
  return rows
    .filter(({ measured, budget }) => !(measured <= budget))
    .map(({ name, measured, budget, unit }) => `${name}: ${shown(measured)} of ${shown(budget)} ${unit}`.trimEnd());
}

/** A number as its reader wants it: counts whole, amounts with one place. */
export function shown(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString("en-US") : value.toFixed(1);
}

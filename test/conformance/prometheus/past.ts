import { LABELS, TIER_NAMES } from "../../../config";
import { RECORDED, WINDOWS } from "../../../constructs/observability/rules";
import type { FleetTenant } from "./exporter/fleet";
import { gatewayPods, podsOf } from "./exporter/pods";
import { GATEWAYS } from "./exporter/targets";

/** A series that does not change. */
export interface PastSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Windows whose rates panels show for each tenant. */
const SHOWN_WINDOWS = ["5m", "1h", "3d"] as const;

/** Requests a second of a tenant on average (brief: 50 million a month over 500). */
const REQUESTS_PER_SECOND = 0.038;

/**
 * What panels read over hours: series that rules record, and of scraped ones those that some panel adds up over the whole
 * fleet, since they decide how long a query takes.
 */
export function shownSeries(fleet: readonly FleetTenant[]): readonly PastSeries[] {
  return [...recorded(fleet), ...scraped(fleet)];
}

/** What rules read over days. */
export function rememberedSeries(fleet: readonly FleetTenant[]): readonly PastSeries[] {
  return fleet.flatMap((tenant) => rates(tenant, "5m"));
}

/** Labels that rules give a tenant's series. */
function of({ id, labels }: FleetTenant) {
  return { tenant: id, tier: labels[LABELS.tier] ?? "", alerts: labels[LABELS.alerts] ?? "" };
}

function rates(tenant: FleetTenant, window: (typeof WINDOWS)[number]): readonly PastSeries[] {
  const labels = of(tenant);
  return [
    { name: RECORDED.tenantRequests[window], labels, value: REQUESTS_PER_SECOND },
    { name: RECORDED.tenantErrors[window], labels, value: 0 },
    { name: RECORDED.tenantSlow[window], labels, value: 0 },
  ];
}

function recorded(fleet: readonly FleetTenant[]): readonly PastSeries[] {
  const tiers = TIER_NAMES.flatMap((tier) =>
    [
      ...WINDOWS.flatMap((window) => [
        RECORDED.tierRequests[window],
        RECORDED.tierErrors[window],
        RECORDED.tierSlow[window],
      ]),
      RECORDED.tierLatencyP99,
      RECORDED.tierErrorBudget,
      RECORDED.tierSlowBudget,
      RECORDED.poolLimit,
    ].map((name) => ({ name, labels: { tier }, value: 0.01 })),
  );
  const gateway = [
    ...[RECORDED.gatewayLatencyP99, RECORDED.upstreamLatencyP99].map((name) => ({ name, labels: {}, value: 90 })),
    { name: RECORDED.gatewayErrors, labels: { response_flags: "-" }, value: 0 },
    ...gatewayPods(GATEWAYS.busy).map((pod) => ({ name: RECORDED.upstreamConnections, labels: { pod }, value: 3_000 })),
  ];
  return [...tiers, ...gateway, ...fleet.flatMap(recordedOf)];
}

function recordedOf(tenant: FleetTenant): readonly PastSeries[] {
  const labels = of(tenant);
  const { tenant: id, tier } = labels;
  const series = (name: string, more: Readonly<Record<string, string>>, value: number): PastSeries => ({
    name,
    labels: more,
    value,
  });
  const { p50, p95, p99 } = RECORDED.tenantLatency;
  return [
    series(RECORDED.tenantInfo, { ...labels, state: "active", namespace: tenant.namespace }, 1),
    ...SHOWN_WINDOWS.flatMap((window) => rates(tenant, window)),
    series(RECORDED.tenantThrottled, labels, 0),
    ...[p50, p95, p99].map((name) => series(name, labels, 90)),
    ...["requests.cpu", "requests.memory", "limits.cpu", "limits.memory", "pods"].map((resource) =>
      series(RECORDED.tenantQuota, { ...labels, resource }, 0.4),
    ),
    ...[RECORDED.tenantCpuRequested, RECORDED.tenantCpuUsed].map((name) => series(name, { tenant: id, tier }, 0.2)),
    ...[RECORDED.tenantMemoryRequested, RECORDED.tenantMemoryUsed].map((name) =>
      series(name, { tenant: id, tier }, 2 ** 29),
    ),
    series(RECORDED.tenantDatabaseConnections, labels, 0.2),
    ...tenant.workloads.flatMap(({ name: service }) => [
      series(RECORDED.poolConnections, { tenant: id, service, tier }, 0.1),
      series(RECORDED.poolPending, { tenant: id, service }, 0),
      series(RECORDED.poolOverflow, { tenant: id, service }, 0),
    ]),
  ];
}

function scraped(fleet: readonly FleetTenant[]): readonly PastSeries[] {
  const phases = podsOf(fleet).map(({ tenant: { namespace }, name: pod }) => ({
    name: "kube_pod_status_phase",
    labels: { job: "kube-state-metrics", namespace, pod, phase: "Running" },
    value: 1,
  }));
  const sessions = fleet.flatMap(({ id }) =>
    ["active", "idle", "idle_in_transaction"].map((state) => ({
      name: "sql_tenant_connections",
      labels: { job: "database-exporter", tenant: id, state },
      value: 1,
    })),
  );
  return [...phases, ...sessions];
}

import { NAMESPACES } from "../../../config";
import { SERIES_CEILING } from "../metrics-plan";
import { PROMETHEUS_RELEASE } from "../services";
import type { Alert } from "./rule";

/** Fires always: who hears nothing of it for a while knows that no alert would arrive. */
export const WATCHDOG = "Watchdog";

/** Prometheus, what it scrapes, and Jaeger: whether one would know at all. Prometheus's own failures are the chart's alerts. */
export function monitoringAlerts(): readonly Alert[] {
  return [watchdog(), ...sources(), series(), spans()];
}

function watchdog(): Alert {
  return {
    name: WATCHDOG,
    severity: "ticket",
    expr: "vector(1)",
    for: "0s",
    summary: "Alerts arrive",
    description: "This alert fires always. When its messages stop, an alarm outside of the cluster says so.",
    runbook: "monitoring",
    dashboard: "fleet",
  };
}

/** The two targets without which nothing is known of any tenant; of every other, the chart's TargetDown tells. */
function sources(): Alert[] {
  const common = { severity: "page", for: "10m", runbook: "monitoring", dashboard: "fleet" } as const;
  return [
    {
      ...common,
      name: "GatewayMetricsMissing",
      expr: `absent(up{job="${NAMESPACES.observability}/mesh-gateways"} == 1)`,
      summary: "Nothing is known of tenants' requests",
      description: "No ingress gateway can be scraped: tenants' errors and latency go unnoticed.",
    },
    {
      ...common,
      name: "KubernetesMetricsMissing",
      expr: 'absent(up{job="kube-state-metrics"} == 1)',
      summary: "Nothing is known of tenants' tiers and quotas",
      description: "kube-state-metrics cannot be scraped: no alert can tell which tenant or tier it is about.",
    },
  ];
}

function series(): Alert {
  return {
    name: "SeriesOverBudget",
    severity: "ticket",
    expr: `max(prometheus_tsdb_head_series{job="${PROMETHEUS_RELEASE}-prometheus"}) > ${SERIES_CEILING}`,
    for: "1h",
    summary: "Prometheus holds more time series than planned",
    description: "{{ $value | humanize }} series are held; beyond the budget Prometheus runs out of memory.",
    runbook: "monitoring",
    dashboard: "fleet",
  };
}

function spans(): Alert {
  // Jaeger is a collector of OpenTelemetry's, whose counters are named with the suffix or without, by its configuration.
  const lost = '{__name__=~"otelcol_(receiver_refused|exporter_send_failed)_spans(_total)?"}';
  return {
    name: "SpansLost",
    severity: "ticket",
    expr: `sum(increase(${lost}[15m])) > 100`,
    for: "15m",
    summary: "Jaeger loses spans",
    description: "{{ $value | humanize }} spans of a quarter of an hour were refused or not stored: traces have gaps.",
    runbook: "traces",
    dashboard: "fleet",
  };
}

import { SERIES_CEILING } from "../../../../constructs/observability/metrics-plan";
import type { Case, Firing } from "../case";
import type { Series } from "../promtool";
import { always, rising, series } from "../series";

export function monitoringCases(): readonly Case[] {
  const fires = (severity: string, summary: string, description: string): Firing[] => [
    { labels: { severity }, summary, description, dashboard: "/d/fleet" },
  ];
  const up = (job: string, value: number): Series => series("up", { job }, always(value));
  const head = (count: number): Series =>
    series("prometheus_tsdb_head_series", { job: "kube-prometheus-stack-prometheus" }, always(count));
  const lost = (metric: string, perMinute: number): Series => series(metric, { receiver: "otlp" }, rising(perMinute));
  return [
    {
      alert: "Watchdog",
      says: "fires always",
      given: [],
      minutes: 1,
      fires: fires(
        "ticket",
        "Alerts arrive",
        "This alert fires always. When its messages stop, an alarm outside of the cluster says so.",
      ),
    },
    {
      alert: "GatewayMetricsMissing",
      says: "wakes somebody where no gateway is scraped",
      given: [up("observability/mesh-gateways", 0)],
      minutes: 20,
      fires: fires(
        "page",
        "Nothing is known of tenants' requests",
        "No ingress gateway can be scraped: tenants' errors and latency go unnoticed.",
      ),
    },
    {
      alert: "GatewayMetricsMissing",
      says: "is silent while one is",
      given: [up("observability/mesh-gateways", 1)],
      minutes: 20,
      fires: [],
    },
    {
      alert: "KubernetesMetricsMissing",
      says: "wakes somebody",
      given: [],
      minutes: 20,
      fires: fires(
        "page",
        "Nothing is known of tenants' tiers and quotas",
        "kube-state-metrics cannot be scraped: no alert can tell which tenant or tier it is about.",
      ),
    },
    {
      alert: "KubernetesMetricsMissing",
      says: "is silent while it is scraped",
      given: [up("kube-state-metrics", 1)],
      minutes: 20,
      fires: [],
    },
    {
      alert: "SeriesOverBudget",
      says: "makes a ticket above the ceiling",
      given: [head(SERIES_CEILING + 200_000)],
      minutes: 70,
      fires: fires(
        "ticket",
        "Prometheus holds more time series than planned",
        "2M series are held; beyond the budget Prometheus runs out of memory.",
      ),
    },
    {
      alert: "SeriesOverBudget",
      says: "is silent at the ceiling",
      given: [head(SERIES_CEILING)],
      minutes: 70,
      fires: [],
    },
    ...["otelcol_receiver_refused_spans", "otelcol_exporter_send_failed_spans_total"].map((metric) => ({
      alert: "SpansLost",
      says: `makes a ticket by ${metric}`,
      given: [lost(metric, 20)],
      minutes: 40,
      fires: fires(
        "ticket",
        "Jaeger loses spans",
        "300 spans of a quarter of an hour were refused or not stored: traces have gaps.",
      ),
    })),
    {
      alert: "SpansLost",
      says: "is silent about a few",
      given: [lost("otelcol_receiver_refused_spans", 1)],
      minutes: 40,
      fires: [],
    },
  ];
}

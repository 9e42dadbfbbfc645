import { kubeStateMetricsValues } from "../../../../constructs/observability/exporter-values";
import { READ_METRICS } from "../../../../constructs/observability/mesh-relabelings";
import { recordedNames } from "../../../../constructs/observability/rules";
import { relabel } from "../support";
import type { Selected } from "./support";

/** Metrics of targets whose series are stored as they come. */
const UNTOUCHED: readonly RegExp[] = [
  // Prometheus itself.
  /^(up|prometheus_tsdb_head_series)$/,
  // The kubelet's cAdvisor; the chart drops some, none of these.
  /^container_(cpu_usage_seconds_total|memory_working_set_bytes)$/,
  // istiod 1.31 (its source).
  /^pilot_(proxy_convergence_time_bucket|total_xds_rejects|total_xds_internal_errors|xds_pushes)$/,
  /^(citadel_server_(root_cert|cert_chain)_expiry_timestamp|sidecar_injection_failure_total)$/,
  // cert-manager 1.21.
  /^certmanager_certificate_(expiration_timestamp_seconds|ready_status)$/,
  // The database exporter.
  /^sql_tenant_(connections|connection_limit|schema_bytes)$/,
  // Jaeger's collector.
  /^otelcol_/,
];

/** kube-state-metrics' collector of a metric: the kind that its name begins with, in the plural. */
function collectorOf(metric: string): string | undefined {
  const { collectors } = kubeStateMetricsValues();
  return collectors.find((collector) => metric.startsWith(`kube_${collector.replace(/s$/, "")}`));
}

/** Why nobody would ever see a sample of what is selected; undefined if somebody does. */
export function unavailable({ metric, matchers }: Selected): string | undefined {
  if (recordedNames().includes(metric) || UNTOUCHED.some((pattern) => pattern.test(metric))) {
    return undefined;
  }
  if (metric.startsWith("kube_")) {
    return unavailableKubernetes(metric, matchers);
  }
  if (/^(istio|envoy)_/.test(metric)) {
    return relabel({ __name__: metric, ...labelsOf(matchers) }, READ_METRICS) ? undefined : `${metric} is dropped`;
  }
  return `${metric} comes from nowhere`;
}

function unavailableKubernetes(metric: string, matchers: string): string | undefined {
  const { metricDenylist, metricLabelsAllowlist } = kubeStateMetricsValues();
  if (collectorOf(metric) === undefined || metricDenylist.some((denied) => denied === metric)) {
    return `${metric} is not collected`;
  }
  const exported = metricLabelsAllowlist.join().replaceAll(/[./]/g, "_");
  const unknown = [...matchers.matchAll(/label_(taskflow_io_[a-z]+)/g)].find(
    ([, label = ""]) => !exported.includes(label),
  );
  return unknown ? `${metric} has no ${unknown[0]}` : undefined;
}

/** Labels that matchers ask for, where they ask for one value or any. */
function labelsOf(matchers: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...matchers.matchAll(/([a-z_]+)(=|!=)"([^"]*)"/g)].map(([, name = "", operator, value = ""]) => [
      name,
      operator === "=" ? value : "some",
    ]),
  );
}

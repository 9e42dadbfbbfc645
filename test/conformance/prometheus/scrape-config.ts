import { NAMESPACES } from "../../../config";
import { isArray, isObject, type Json, type JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";

/** Jobs that the chart's own monitors make, by name: whether targets' labels win, and what to ask for. */
const CHART_JOBS: Readonly<Record<string, { readonly honorLabels: boolean; readonly path: string }>> = {
  "kube-state-metrics": { honorLabels: true, path: "/metrics" },
  kubelet: { honorLabels: true, path: "/metrics/cadvisor" },
  "node-exporter": { honorLabels: false, path: "/metrics" },
  apiserver: { honorLabels: false, path: "/metrics" },
  "cert-manager": { honorLabels: false, path: "/metrics" },
};

/** Job of Prometheus itself, as the chart names it. */
export const SELF_JOB = "kube-prometheus-stack-prometheus";

export interface ScrapeProps {
  /** The exporter: discovery, and the proxy that leads to every target. */
  readonly exporterUrl: string;
  /** Prometheus itself, `host:port`. */
  readonly self: string;
  /** Between two scrapes of a target, and between two evaluations of a rule, in seconds. */
  readonly intervals: { readonly scrape: number; readonly evaluation: number };
}

/** Prometheus' configuration for what the operator would make of the monitors, beside the chart's own jobs. */
export function prometheusConfig(objects: readonly KubernetesObject[], props: ScrapeProps): JsonObject {
  const { scrape, evaluation } = props.intervals;
  return {
    global: {
      scrape_interval: `${scrape}s`,
      scrape_timeout: `${scrape}s`,
      evaluation_interval: `${evaluation}s`,
    },
    rule_files: ["rules.yml"],
    scrape_configs: [
      ...objects.flatMap((object) => monitorConfigs(object, props)),
      ...Object.entries(CHART_JOBS).map(([job, { honorLabels, path }]) => ({
        ...discovered(job, props),
        honor_labels: honorLabels,
        metrics_path: path,
        relabel_configs: STANDARD_LABELS,
      })),
      { job_name: SELF_JOB, static_configs: [{ targets: [props.self] }] },
    ],
  };
}

function discovered(job: string, { exporterUrl }: ScrapeProps) {
  const url = `${exporterUrl}/${encodeURIComponent(job)}`;
  return { job_name: job, proxy_url: exporterUrl, http_sd_configs: [{ url, refresh_interval: "5s" }] };
}

/** The operator's own labels, ahead of a monitor's. */
const STANDARD_LABELS = [
  { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace" },
  { source_labels: ["__meta_kubernetes_service_name"], target_label: "service" },
  { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod" },
  { source_labels: ["__meta_kubernetes_pod_container_name"], target_label: "container" },
  { source_labels: ["__meta_kubernetes_service_name"], regex: "(.+)", target_label: "job" },
  { source_labels: ["__meta_kubernetes_node"], target_label: "node" },
];

function monitorConfigs({ kind, metadata, spec }: KubernetesObject, props: ScrapeProps): readonly JsonObject[] {
  const endpoints = isObject(spec) ? (spec[kind === "PodMonitor" ? "podMetricsEndpoints" : "endpoints"] ?? []) : [];
  if ((kind !== "PodMonitor" && kind !== "ServiceMonitor") || !isArray(endpoints)) {
    return [];
  }
  const job = `${metadata.namespace ?? NAMESPACES.observability}/${metadata.name ?? ""}`;
  return endpoints.filter(isObject).map((endpoint) => ({
    ...discovered(job, props),
    honor_labels: endpoint["honorLabels"] ?? false,
    metrics_path: endpoint["path"] ?? "/metrics",
    sample_limit: isObject(spec) ? (spec["sampleLimit"] ?? 0) : 0,
    relabel_configs: [...STANDARD_LABELS, ...relabelings(endpoint["relabelings"])],
    metric_relabel_configs: relabelings(endpoint["metricRelabelings"]),
  }));
}

/** The operator's relabelings in Prometheus' own spelling. */
function relabelings(list: Json | undefined): readonly JsonObject[] {
  const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return (isArray(list) ? list : [])
    .filter(isObject)
    .map((config) => Object.fromEntries(Object.entries(config).map(([name, value]) => [snake(name), value])));
}

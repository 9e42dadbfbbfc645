import { LABELS, NAMESPACES } from "../../config";
import { resources } from "../kubernetes";

/**
 * What kube-state-metrics reads: what rules, dashboards and the budget of series need. Its role follows this list, so that
 * it reads neither Secrets nor ConfigMaps.
 */
const COLLECTORS = [
  "cronjobs",
  "daemonsets",
  "deployments",
  "horizontalpodautoscalers",
  "jobs",
  "namespaces",
  "nodes",
  "persistentvolumeclaims",
  "persistentvolumes",
  "poddisruptionbudgets",
  "pods",
  "replicasets",
  "resourcequotas",
  "statefulsets",
  "storageclasses",
] as const;

/** Series a pod that no rule, alert or dashboard of the chart or of ours reads. */
const UNREAD_METRICS = [
  "kube_pod_tolerations",
  "kube_pod_scheduler",
  "kube_pod_service_account",
  "kube_pod_status_qos_class",
  "kube_pod_container_state_started",
  "kube_pod_status_container_ready_time",
  "kube_pod_status_initialized_time",
] as const;

/** The chart's value `kube-state-metrics`. */
export function kubeStateMetricsValues() {
  return {
    collectors: COLLECTORS,
    metricDenylist: UNREAD_METRICS,
    // Metrics are joined with the tenant's tier, state and alert route through `kube_namespace_labels`.
    metricLabelsAllowlist: [`namespaces=[${[LABELS.tenant, LABELS.tier, LABELS.state, LABELS.alerts].join(",")}]`],
    resources: resources({
      requestsCpuMilli: 100,
      requestsMemoryMi: 384,
      limitsCpuMilli: 1_000,
      limitsMemoryMi: 1_024,
    }),
  };
}

/** The chart's value `prometheus-node-exporter`. */
export function nodeExporterValues() {
  return {
    // It needs the host's network, processes and file system, which Pod Security `restricted` forbids.
    namespaceOverride: NAMESPACES.kubeSystem,
    resources: resources({ requestsCpuMilli: 20, requestsMemoryMi: 32, limitsCpuMilli: 200, limitsMemoryMi: 96 }),
  };
}

/** The chart's value `prometheusOperator`. */
export function operatorValues() {
  return {
    resources: resources({
      requestsCpuMilli: 50,
      requestsMemoryMi: 128,
      limitsCpuMilli: 500,
      limitsMemoryMi: 256,
    }),
    prometheusConfigReloader: {
      resources: resources({ requestsCpuMilli: 10, requestsMemoryMi: 32, limitsCpuMilli: 100, limitsMemoryMi: 64 }),
    },
  };
}

/** Switches for what EKS keeps to itself, and for kube-proxy, which serves metrics on the node's loopback alone. */
export const UNREACHABLE_COMPONENTS = {
  kubeControllerManager: { enabled: false },
  kubeScheduler: { enabled: false },
  kubeEtcd: { enabled: false },
  kubeProxy: { enabled: false },
} as const;

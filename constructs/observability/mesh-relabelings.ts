import { LABELS, PORTS } from "../../config";
import { NAMESPACE_PREFIX } from "../../tenancy";
import type { RelabelConfig } from "./monitoring-objects";

/** Name that Prometheus gives a pod's label. */
const podLabel = (label: string): string => `__meta_kubernetes_pod_label_${label.replaceAll(/[^A-Za-z0-9]/g, "_")}`;

/**
 * One target for each pod with a proxy: discovery brings one for every port of every container, init containers (where a
 * native sidecar runs) included, and the proxy has a single one. The address is then the agent's, which answers with the
 * metrics of Envoy and application in one, plainly, on a port that the mesh does not capture.
 */
export const PROXY_TARGET: readonly RelabelConfig[] = [
  { action: "keep", sourceLabels: ["__meta_kubernetes_pod_container_name"], regex: "istio-proxy" },
  {
    sourceLabels: ["__meta_kubernetes_pod_ip"],
    targetLabel: "__address__",
    replacement: `$1:${PORTS.sidecarMetrics}`,
  },
];

/** Who a pod belongs to: the tenant by the name of the namespace, which no pod can choose, and the service. */
export const TENANT_LABELS: readonly RelabelConfig[] = [
  {
    sourceLabels: ["__meta_kubernetes_namespace"],
    regex: `${NAMESPACE_PREFIX}(.+)`,
    targetLabel: "tenant",
    replacement: "$1",
  },
  { sourceLabels: [podLabel(LABELS.service)], targetLabel: "service" },
];

/** Metrics of Envoy and its agent that a rule or dashboard may read; Istio exports a hundred more. */
const KEPT_PROXY_METRICS = [
  "envoy_cluster_upstream_(cx_active|cx_overflow|rq_active|rq_pending_active|rq_pending_overflow)",
  "envoy_cluster_ratelimit_.+",
  "envoy_.*local_rate_limit.*",
  "envoy_server_(days_until_first_cert_expiring|live|memory_allocated|uptime)",
  "istio_agent_(cert_expiry_seconds|pilot_xds_.+)",
].join("|");

/** Buckets of request durations, in milliseconds, far from the 500 ms that count; 10 ms to 30 s are left, 12 with +Inf. */
const DROPPED_BUCKETS = [
  "0\\.5",
  "1",
  "5",
  "60000",
  "300000",
  "600000",
  "1800000",
  "1\\.8e\\+06",
  "3600000",
  "3\\.6e\\+06",
];

const DURATION_BUCKET = "istio_request_duration_milliseconds_bucket";

/** A label that lives from one relabelling to the next; Prometheus itself never uses the prefix. */
const MARK = "__tmp_unread";

/** Drops what nobody reads, before it is stored. An application's own metrics pass. */
export const READ_METRICS: readonly RelabelConfig[] = [
  // The mesh turns message sizes off; a proxy started before it knew still has them.
  { action: "drop", sourceLabels: ["__name__"], regex: "istio_(request|response)_(bytes|messages)_.+" },
  // RE2 cannot say "all but": mark all, unmark the kept ones, drop the marked.
  { sourceLabels: ["__name__"], regex: "(envoy|istio_agent)_.+", targetLabel: MARK, replacement: "1" },
  { sourceLabels: ["__name__"], regex: KEPT_PROXY_METRICS, targetLabel: MARK, replacement: "" },
  { action: "drop", sourceLabels: [MARK], regex: "1" },
  // Prometheus 3 writes a whole number as 1.0.
  {
    action: "drop",
    sourceLabels: ["__name__", "le"],
    regex: `${DURATION_BUCKET};(${DROPPED_BUCKETS.join("|")})(\\.0)?`,
  },
  // Within a tenant the server's side of a duration is enough; the gateways have no tenant and keep theirs.
  { action: "drop", sourceLabels: ["__name__", "reporter", "tenant"], regex: `${DURATION_BUCKET};source;.+` },
];

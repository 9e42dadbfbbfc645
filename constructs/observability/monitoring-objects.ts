import type { KubernetesObject, ObjectMetadata } from "../kubernetes";

/**
 * Kinds of the Prometheus operator as this platform uses them (operator 0.93). A field that is not listed here is not set
 * anywhere; add it with its type rather than cast around it.
 */
export interface RelabelConfig {
  /** @default "replace" */
  readonly action?: "replace" | "keep" | "drop";
  readonly sourceLabels?: readonly string[];
  readonly regex?: string;
  readonly targetLabel?: string;
  readonly replacement?: string;
}

interface Endpoint {
  readonly path?: string;
  readonly interval: string;
  readonly scrapeTimeout?: string;
  readonly relabelings?: readonly RelabelConfig[];
  readonly metricRelabelings?: readonly RelabelConfig[];
}

interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    readonly values?: readonly string[];
  }[];
}

interface MonitorSpec {
  readonly selector: LabelSelector;
  /** @default - the monitor's own namespace */
  readonly namespaceSelector?: { readonly any: true } | { readonly matchNames: readonly string[] };
  /** Samples of one scrape, after relabelling; a scrape that brings more is thrown away whole. */
  readonly sampleLimit: number;
}

export interface PodMonitorSpec extends MonitorSpec {
  readonly podMetricsEndpoints: readonly (Endpoint & { readonly port?: string })[];
}

export interface ServiceMonitorSpec extends MonitorSpec {
  readonly endpoints: readonly (Endpoint & { readonly port: string })[];
}

const API_VERSION = "monitoring.coreos.com/v1";

export const podMonitor = (metadata: ObjectMetadata, spec: PodMonitorSpec): KubernetesObject => ({
  apiVersion: API_VERSION,
  kind: "PodMonitor",
  metadata,
  spec,
});

export const serviceMonitor = (metadata: ObjectMetadata, spec: ServiceMonitorSpec): KubernetesObject => ({
  apiVersion: API_VERSION,
  kind: "ServiceMonitor",
  metadata,
  spec,
});

import { NAMESPACES, PORTS } from "../../config";

/** Helm release of kube-prometheus-stack; the names of its Services begin with it. */
export const PROMETHEUS_RELEASE = "kube-prometheus-stack";

/** Ports of this folder's Services and pods; each Service listens where its pods do. */
export const OBSERVABILITY_PORTS = {
  prometheus: 9090,
  grafana: 3000,
  jaegerQuery: 16686,
  /** Jaeger's own metrics. */
  jaegerMetrics: 8888,
  /** The operator's admission webhook. */
  operatorWebhook: 10250,
  kubelet: 10250,
  nodeExporter: 9100,
  /** istiod's own metrics. */
  istiodMetrics: 15014,
  kialiMetrics: 9090,
  databaseExporter: 9399,
} as const;

/** Deployment, Service and `app.kubernetes.io/name` of the database's exporter. */
export const DATABASE_EXPORTER = "database-exporter";

/** Service accounts with an AWS identity of their own. */
export const MONITORING_ACCOUNTS = {
  alertmanager: { namespace: NAMESPACES.observability, serviceAccount: `${PROMETHEUS_RELEASE}-alertmanager` },
  grafana: { namespace: NAMESPACES.observability, serviceAccount: `${PROMETHEUS_RELEASE}-grafana` },
  databaseExporter: { namespace: NAMESPACES.observability, serviceAccount: DATABASE_EXPORTER },
} as const;

function service(name: string, port: number) {
  const host = `${name}.${NAMESPACES.observability}.svc.cluster.local`;
  return { name, port, host, url: `http://${host}:${port}` } as const;
}

/** Services that others in the cluster call. */
export const OBSERVABILITY_SERVICES = {
  prometheus: service(`${PROMETHEUS_RELEASE}-prometheus`, OBSERVABILITY_PORTS.prometheus),
  grafana: service(`${PROMETHEUS_RELEASE}-grafana`, OBSERVABILITY_PORTS.grafana),
  /** Where proxies send spans: the mesh's tracing provider points here. */
  traceCollector: service("jaeger-collector", PORTS.otlpGrpc),
  /** Jaeger's user interface and query API, on the collector's Service: Jaeger 2 is one process. */
  traceQuery: service("jaeger-collector", OBSERVABILITY_PORTS.jaegerQuery),
} as const;

import { API_GATEWAY, NAMESPACES, PORTS } from "../../config";

/** DNS name of a Service inside the cluster. */
export function serviceHost(service: string, namespace: string): string {
  return `${service}.${namespace}.svc.cluster.local`;
}

/** Providers that `meshConfig` defines and `Telemetry` picks. */
export const PROVIDERS = {
  accessLog: "access-log",
  tracing: "otel-tracing",
  /** Built into Istio. */
  metrics: "prometheus",
} as const;

/** Services of the observability stack, which comes after this one. */
export const OBSERVABILITY = {
  traceCollector: serviceHost("jaeger-collector", NAMESPACES.observability),
  prometheusUrl: `http://${serviceHost("kube-prometheus-stack-prometheus", NAMESPACES.observability)}:9090`,
  prometheusPort: 9090,
} as const;

/** The global rate limit service (envoyproxy/ratelimit); ports are its own defaults. */
export const RATE_LIMIT = {
  service: "ratelimit",
  host: serviceHost("ratelimit", NAMESPACES.sharedServices),
  /** Joins the gateway's filter and the service's rules. */
  domain: "gateway",
  grpcPort: 8081,
  /** Health. */
  httpPort: 8080,
  metricsPort: 9090,
} as const;

/** TCP port of the rate limit's store, and of Redis' protocol everywhere. */
export const STORE_PORT = 6379;

/** Flagger's load tester. Its Service listens where its pod does, as policies on EKS need it. */
export const LOADTESTER = {
  service: "flagger-loadtester",
  port: PORTS.http,
  url: `http://${serviceHost("flagger-loadtester", NAMESPACES.sharedServices)}:${PORTS.http}/`,
} as const;

/** Flagger's service account: the one caller from outside that the load tester obeys. */
export const FLAGGER_SERVICE_ACCOUNT = "flagger";

/** Secret with the gateway's serving certificate; cert-manager writes it, Envoy reads it through istiod. */
export const GATEWAY_CREDENTIAL = "taskflow-gateway-tls";

/** cert-manager's Issuer of that certificate. */
export const GATEWAY_ISSUER = "self-signed";

/** Flagger's Service of the api-gateway's pods that serve; both regions have one of this name. */
export const API_GATEWAY_PRIMARY = `${API_GATEWAY.name}-primary`;

/** Istio's label for the network that a cluster (on its root namespace) or a pod is in. */
export const NETWORK_LABEL = "topology.istio.io/network";

import { NAMESPACES, PORTS } from "../../config/kubernetes";
import { Connections } from "./connections";
import { type Expectation, type Guarded, LAYERS, tcp } from "./expectation";
import type { Party } from "./party";
import { PODS } from "./platform-pods";

const [EGRESS, INGRESS, DENY, ALLOW] = LAYERS;
const { istioSystem, istioIngress, sharedServices, observability, flagger } = NAMESPACES;

/** Ports of the rate limit service, Redis, metrics and queries; each its product's default, as constructs/ has them. */
const RATE_LIMIT_GRPC = 8081;
const REDIS = 6379;
const PROMETHEUS = 9090;
const GRAFANA = 3000;
const JAEGER_QUERY = 16_686;
const KUBELET = 10_250;
const NODE_EXPORTER = 9100;
const HTTPS = 443;
const OPERATOR_WEBHOOK = 10_250;
const ISTIOD_METRICS = 15_014;
const PLATFORM_METRICS = [ISTIOD_METRICS, PROMETHEUS, 8080, 8085, 9153, 9402];
const SIDECAR_METRICS = [PORTS.sidecarMetrics, PORTS.envoyStats];

const MESHED: readonly Party[] = ["tenants", `${istioIngress}/*`, `${sharedServices}/*`];
const PLATFORM: readonly Party[] = Object.values(NAMESPACES).map((namespace) => `${namespace}/*` as const);

const everything = Connections.all;
const dns = tcp(PORTS.dns).union(Connections.of("UDP", [[PORTS.dns, PORTS.dns]]));

/** Who must have policies at each layer; a policy of anybody else is one that this table does not know. */
export const GUARDED: Guarded = {
  "NetworkPolicy egress": [...MESHED, `${observability}/*`, PODS.kiali],
  "NetworkPolicy ingress": [...MESHED, `${observability}/*`, PODS.kiali],
  "AuthorizationPolicy DENY": ["tenants", `${sharedServices}/*`, PODS.gateway],
  "AuthorizationPolicy ALLOW": ["tenants", `${sharedServices}/*`],
};

/** Whose sidecars refuse a caller without a certificate. */
export const REFUSES_PLAINTEXT: readonly Party[] = ["tenants", `${sharedServices}/*`, `${flagger}/*`];

/** Who may reach whom. What a layer lets through besides is a finding, and so is what it keeps out of this. */
export const EXPECTATIONS: readonly Expectation[] = [
  {
    at: [EGRESS, INGRESS, DENY, ALLOW],
    from: ["own tenant"],
    to: ["own tenant"],
    connections: everything,
    reason: "a tenant's services call each other",
  },
  {
    at: [EGRESS],
    from: [...MESHED, `${observability}/*`, PODS.kiali],
    to: [PODS.kubeDns],
    connections: dns,
    reason: "names",
  },
  {
    at: [EGRESS],
    from: MESHED,
    to: [PODS.istiod],
    connections: tcp(PORTS.istiodXds),
    reason: "a sidecar's certificate and configuration",
  },
  {
    at: [EGRESS],
    from: MESHED,
    to: [`${observability}/*`],
    connections: tcp(PORTS.otlpGrpc),
    reason: "traces; the namespace lets them in at Jaeger alone",
  },
  {
    at: [INGRESS],
    from: [...MESHED, `${flagger}/*`, `${istioSystem}/*`],
    to: [PODS.jaeger],
    connections: tcp(PORTS.otlpGrpc),
    reason: "traces from every namespace that istiod watches",
  },
  {
    at: [EGRESS],
    from: ["tenants"],
    to: ["database subnets"],
    connections: tcp(PORTS.postgresql),
    reason: "RDS Proxy, where IAM and grants tell tenants apart",
  },
  {
    at: [EGRESS],
    from: ["tenants"],
    to: ["Pod Identity agent"],
    connections: tcp(PORTS.podIdentity),
    reason: "the tenant's IAM credentials",
  },
  {
    at: [EGRESS],
    from: [PODS.gateway, `${istioIngress}/*`],
    to: ["node subnets"],
    connections: tcp(PORTS.http, RATE_LIMIT_GRPC),
    reason: "requests to every service, and the rate limit; pods are told by subnet, they are too many to name",
  },
  {
    at: [EGRESS],
    from: [PODS.gateway],
    to: ["other region's node subnets"],
    connections: tcp(PORTS.eastWest),
    reason: "the other region's east-west gateway, while the api-gateway has no healthy pod here",
  },
  {
    at: [INGRESS],
    from: ["node subnets"],
    to: [PODS.eastWestGateway],
    connections: tcp(PORTS.eastWest, PORTS.envoyReadiness),
    reason: "requests and health checks of its load balancer, whose network interfaces stand in the nodes' subnets",
  },
  {
    at: [EGRESS],
    from: [PODS.apiGateway],
    to: ["node subnets"],
    connections: tcp(PORTS.http),
    reason: "the api-gateway calls tenants' services; pods are told by subnet",
  },
  {
    at: [INGRESS],
    from: [`${istioIngress}/*`, `${sharedServices}/*`],
    to: ["tenants"],
    connections: tcp(PORTS.http),
    reason: "requests through the ingress gateway and the api-gateway",
  },
  {
    at: [INGRESS],
    from: [`${observability}/*`],
    to: MESHED,
    connections: tcp(...SIDECAR_METRICS),
    reason: "metrics, at ports that go past the sidecar",
  },
  {
    at: [DENY],
    from: [`${istioSystem}/*`, `${istioIngress}/*`, `${sharedServices}/*`],
    to: ["tenants"],
    connections: everything,
    reason: "the namespaces that deny-other-tenants excepts",
  },
  {
    at: [ALLOW],
    from: [PODS.gateway, PODS.apiGateway],
    to: ["tenants"],
    connections: everything,
    reason: "requests through the ingress gateway and the api-gateway",
  },
  {
    at: [ALLOW],
    from: [`${observability}/*`],
    to: ["tenants"],
    connections: tcp(...SIDECAR_METRICS),
    reason: "metrics, should a sidecar ever take over their ports",
  },
  {
    at: [EGRESS, INGRESS, DENY, ALLOW],
    from: [`${sharedServices}/*`],
    to: [`${sharedServices}/*`],
    connections: everything,
    reason: "the shared services call each other",
  },
  {
    at: [EGRESS],
    from: [PODS.rateLimit],
    to: ["database subnets"],
    connections: tcp(REDIS),
    reason: "the rate limit's store",
  },
  {
    at: [INGRESS],
    from: [`${istioIngress}/*`],
    to: [PODS.apiGateway],
    connections: tcp(PORTS.http),
    reason: "requests of clients that are no tenant's yet",
  },
  {
    at: [ALLOW],
    from: [PODS.gateway],
    to: [PODS.apiGateway],
    connections: tcp(PORTS.http),
    reason: "requests of clients that are no tenant's yet",
  },
  {
    at: [INGRESS],
    from: [`${istioIngress}/*`],
    to: [PODS.rateLimit],
    connections: tcp(RATE_LIMIT_GRPC),
    reason: "the gateway asks for each request",
  },
  {
    at: [ALLOW],
    from: [PODS.gateway],
    to: [PODS.rateLimit],
    connections: tcp(RATE_LIMIT_GRPC),
    reason: "the gateway asks for each request",
  },
  {
    at: [INGRESS],
    from: [`${flagger}/*`],
    to: [PODS.loadTester],
    connections: tcp(PORTS.http),
    reason: "Flagger has a canary tested",
  },
  {
    at: [ALLOW],
    from: [PODS.flagger],
    to: [PODS.loadTester],
    connections: tcp(PORTS.http),
    reason: "Flagger has a canary tested",
  },
  {
    at: [EGRESS, ALLOW],
    from: [PODS.loadTester],
    to: ["tenants' pods under Flagger"],
    connections: tcp(PORTS.http),
    reason: "requests to a new release while Flagger analyses it",
  },
  {
    at: [EGRESS],
    from: [PODS.loadTester],
    to: ["tenants' stopped pods under Flagger"],
    connections: tcp(PORTS.http),
    reason: "the label that the load tester is let out by, which a suspended tenant's Deployments keep",
  },
  {
    at: [DENY],
    from: [`${istioSystem}/*`, `${istioIngress}/*`, `${flagger}/*`],
    to: [`${sharedServices}/*`],
    connections: everything,
    reason: "the namespaces that deny-other-namespaces excepts",
  },
  {
    at: [INGRESS],
    from: ["load balancer subnets"],
    to: [`${istioIngress}/*`],
    connections: tcp(PORTS.gatewayHttps, PORTS.envoyReadiness),
    reason: "requests and health checks of the load balancer",
  },
  {
    at: [EGRESS, INGRESS],
    from: [`${observability}/*`],
    to: [`${observability}/*`],
    connections: everything,
    reason: "metrics, traces and dashboards read each other",
  },
  {
    at: [EGRESS],
    from: [PODS.prometheus, PODS.grafana, PODS.operator, `${observability}/any pod`, PODS.kiali],
    to: ["Kubernetes API", "node subnets"],
    connections: tcp(HTTPS),
    reason: "the Kubernetes API, whose network interfaces stand in the nodes' subnets",
  },
  {
    at: [EGRESS],
    from: [PODS.prometheus],
    to: ["any pod"],
    connections: tcp(...SIDECAR_METRICS),
    reason: "metrics of sidecars",
  },
  {
    at: [EGRESS],
    from: [PODS.prometheus],
    to: PLATFORM,
    connections: tcp(...PLATFORM_METRICS),
    reason: "metrics of the platform's own pods",
  },
  {
    at: [EGRESS],
    from: [PODS.prometheus],
    to: ["node subnets"],
    connections: tcp(KUBELET, NODE_EXPORTER),
    reason: "metrics of nodes",
  },
  {
    at: [INGRESS],
    from: [`${flagger}/*`, PODS.kiali],
    to: [PODS.prometheus],
    connections: tcp(PROMETHEUS),
    reason: "a canary's success rate, and Kiali's graphs",
  },
  {
    at: [INGRESS],
    from: [PODS.kiali],
    to: [PODS.grafana],
    connections: tcp(GRAFANA),
    reason: "Kiali's links to dashboards",
  },
  {
    at: [INGRESS],
    from: [PODS.kiali],
    to: [PODS.jaeger],
    connections: tcp(JAEGER_QUERY),
    reason: "Kiali's traces",
  },
  {
    at: [EGRESS],
    from: [PODS.kiali],
    to: [`${observability}/*`],
    connections: tcp(PROMETHEUS, GRAFANA, JAEGER_QUERY),
    reason: "Kiali's graphs, dashboards and traces",
  },
  {
    at: [EGRESS],
    from: [PODS.kiali],
    to: [PODS.istiod],
    connections: tcp(ISTIOD_METRICS),
    reason: "the mesh's state",
  },
  {
    at: [INGRESS],
    from: [PODS.prometheus],
    to: [PODS.kiali],
    connections: tcp(PROMETHEUS),
    reason: "Kiali's own metrics",
  },
  {
    at: [INGRESS],
    from: ["node subnets"],
    to: [PODS.operator],
    connections: tcp(OPERATOR_WEBHOOK),
    reason: "the Kubernetes API asks the operator's webhook",
  },
  {
    at: [DENY],
    from: ["load balancer subnets"],
    to: [PODS.gateway],
    connections: everything,
    reason: "requests past firewall and load balancer alone",
  },
  {
    at: [EGRESS],
    from: [PODS.alertmanager, PODS.grafana],
    to: ["Internet"],
    connections: tcp(HTTPS),
    reason: "AWS's APIs: alerts go to SNS, CloudWatch is read",
  },
  {
    at: [EGRESS],
    from: [PODS.alertmanager, PODS.grafana, PODS.databaseExporter],
    to: ["Pod Identity agent"],
    connections: tcp(PORTS.podIdentity),
    reason: "the pod's IAM credentials",
  },
  {
    at: [EGRESS],
    from: [PODS.databaseExporter],
    to: ["database subnets"],
    connections: tcp(PORTS.postgresql),
    reason: "the database's own metrics, through RDS Proxy",
  },
];

/** Names inside the cluster that more than one stack relies on. Changing one replaces what bears it. */

/** Namespaces of the platform. A tenant id may not map to any of them. */
export const NAMESPACES = {
  kubeSystem: "kube-system",
  istioSystem: "istio-system",
  istioIngress: "istio-ingress",
  sharedServices: "shared-services",
  observability: "observability",
  certManager: "cert-manager",
  flagger: "flagger-system",
} as const;

/**
 * Labels that policies, monitors and spread constraints select on. Never `app`: Flagger rewrites that one on primary
 * pods, and a policy that selects it then misses production.
 */
export const LABELS = {
  tenant: "taskflow.io/tenant",
  tier: "taskflow.io/tier",
  service: "taskflow.io/service",
  state: "taskflow.io/state",
  /** On tenant namespaces: where alerts about the tenant go, `page` or `ticket`; alert rules join on it. */
  alerts: "taskflow.io/alerts",
  /** On pods: FLAGGER_ROLLOUT where Flagger rolls their service out, so that its load tester may call them. */
  rollout: "taskflow.io/rollout",
  /** Istio's and Flagger's own label for subsets. */
  version: "version",
  /** Set by Kubernetes on each namespace and out of a tenant's reach. */
  namespaceName: "kubernetes.io/metadata.name",
  /** On nodes: which group of tiers the node serves. */
  nodePool: "taskflow.io/node-pool",
  /** On namespaces: istiod watches those that carry it with the value "enabled". */
  meshMember: "taskflow.io/mesh",
} as const;

/** Value of the label `taskflow.io/rollout`. */
export const FLAGGER_ROLLOUT = "flagger";

/** Node pool of what the cluster itself needs; its taint keeps tenants' pods away. */
export const SYSTEM_POOL = { name: "system", taint: { key: "CriticalAddonsOnly", value: "true" } } as const;

/** TCP ports. Services listen where their Service does: the VPC CNI judges egress before the Service's translation. */
export const PORTS = {
  /** Every Taskflow service: Service port, container port and policy port in one. */
  http: 8080,
  /** RDS Proxy and the instance. */
  postgresql: 5432,
  dns: 53,
  /** istiod: xDS and certificates over mTLS. */
  istiodXds: 15012,
  /** pilot-agent: merged Prometheus metrics of application and Envoy. */
  sidecarMetrics: 15020,
  /** Envoy's readiness on gateways and sidecars. */
  envoyReadiness: 15021,
  /** Envoy's own Prometheus statistics. */
  envoyStats: 15090,
  /** OpenTelemetry over gRPC. */
  otlpGrpc: 4317,
  /** The ingress gateway's HTTPS listener. */
  gatewayHttps: 443,
  /** The east-west gateway: mutual TLS between regions' pods, passed on as it is (Istio's own choice of port). */
  eastWest: 15443,
  /** EKS Pod Identity agent, credentials endpoint. */
  podIdentity: 80,
} as const;

/** Link-local address of the EKS Pod Identity agent, on the node's host network (EKS user guide, Pod Identity). */
export const POD_IDENTITY_AGENT_CIDR = "169.254.170.23/32";

/** The mesh's SPIFFE trust domain, `meshConfig.trustDomain`. */
export const TRUST_DOMAIN = "cluster.local";

/** Service accounts that tenants' AuthorizationPolicies name. */
export const SERVICE_ACCOUNTS = {
  ingressGateway: "istio-ingressgateway",
  apiGateway: "api-gateway",
} as const;

/** The ingress gateway: Helm release, Service, `istio` label and Gateway object. */
export const INGRESS_GATEWAY = {
  /** The gateway chart drops the prefix `istio-` for the label `istio`. */
  release: "istio-ingressgateway",
  istioLabel: "ingressgateway",
  /** `<namespace>/<name>` in a VirtualService's `gateways`. */
  gateway: `${NAMESPACES.istioIngress}/taskflow`,
  gatewayName: "taskflow",
} as const;

/** The east-west gateway, by which the other region's gateways reach services of this one: Helm release, Service, account. */
export const EAST_WEST_GATEWAY = {
  release: "istio-eastwestgateway",
  istioLabel: "eastwestgateway",
  /** Gateway object and TargetGroupBinding. */
  gatewayName: "other-region",
} as const;

/** SPIFFE identity of a service account, as AuthorizationPolicy's `principals` spell it (without the scheme). */
export function principal(namespace: string, serviceAccount: string): string {
  return `${TRUST_DOMAIN}/ns/${namespace}/sa/${serviceAccount}`;
}

/** The one database of the instance; each tenant has a schema in it. */
export const DATABASE_NAME = "taskflow";

/** Addresses of Services; EKS gives the first to the Service `kubernetes`, the API. Fixed when the cluster is made. */
export const SERVICES_CIDR = "172.20.0.0/16";
export const API_SERVICE_CIDR = "172.20.0.1/32";

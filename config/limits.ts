/**
 * Where AWS, Kubernetes, Istio, PostgreSQL and this platform's own way of working end. `limits` of the commands holds the
 * fleet against each. Limits that follow from what an environment buys (nodes, addresses, connections) are computed there.
 */

/** Who draws the line. */
export type LimitOwner = "AWS" | "Kubernetes" | "Istio" | "PostgreSQL" | "Platform";

export interface Limit {
  readonly owner: LimitOwner;
  readonly name: string;
  /** The most there may be, in `unit`. */
  readonly value: number;
  readonly unit: string;
  /** What the limit counts within. */
  readonly scope: string;
  /** Whether its owner raises it on request. */
  readonly adjustable: boolean;
  /**
   * AWS's default, where `value` is what the platform counts on having been granted before its first deployment.
   * @default - `value` is the default
   */
  readonly raisedFrom?: number;
  readonly source: string;
  /** Month in which the source was read. */
  readonly date: string;
}

type Bound = Omit<Limit, "owner" | "date">;

const READ = "2026-11";
const aws = (bound: Bound): Limit => ({ owner: "AWS", ...bound, date: READ });
const kubernetes = (bound: Bound): Limit => ({ owner: "Kubernetes", ...bound, date: READ });
const istio = (bound: Bound): Limit => ({ owner: "Istio", ...bound, date: READ });
const postgresql = (bound: Bound): Limit => ({ owner: "PostgreSQL", ...bound, date: READ });
const platform = (bound: Bound): Limit => ({ owner: "Platform", ...bound, date: READ });

const LARGE_CLUSTERS = "kubernetes.io, considerations for large clusters";
const THRESHOLDS = "kubernetes/community, sig-scalability thresholds";

/** Every limit by its id, in the order of the report. */
export const LIMITS = {
  "iam-roles": aws({
    name: "IAM roles",
    value: 1_000,
    unit: "roles",
    scope: "account",
    adjustable: true,
    source: "IAM quotas; up to 10,000 on request",
  }),
  "iam-policies": aws({
    name: "IAM customer managed policies",
    value: 1_500,
    unit: "policies",
    scope: "account",
    adjustable: true,
    source: "IAM quotas; up to 10,000 on request",
  }),
  "pod-identity-associations": aws({
    name: "EKS Pod Identity associations",
    value: 5_000,
    unit: "associations",
    scope: "cluster",
    adjustable: false,
    source: "EKS user guide, Pod Identity considerations",
  }),
  "nodes-per-group": aws({
    name: "Nodes of the largest node group",
    value: 450,
    unit: "nodes",
    scope: "node group",
    adjustable: true,
    source: "EKS service quotas",
  }),
  "on-demand-vcpus": aws({
    name: "EC2 on-demand standard vCPUs",
    value: 384,
    unit: "vCPU",
    scope: "account and region",
    adjustable: true,
    raisedFrom: 5,
    source: "EC2 service quotas, L-1216C47A",
  }),
  "spot-vcpus": aws({
    name: "EC2 spot standard vCPUs",
    value: 256,
    unit: "vCPU",
    scope: "account and region",
    adjustable: true,
    raisedFrom: 5,
    source: "EC2 service quotas, L-34B43A08",
  }),
  "network-interfaces": aws({
    name: "Network interfaces",
    value: 5_000,
    unit: "interfaces",
    scope: "region",
    adjustable: true,
    source: "VPC quotas",
  }),
  "security-groups": aws({
    name: "Security groups",
    value: 2_500,
    unit: "groups",
    scope: "region",
    adjustable: true,
    source: "VPC quotas",
  }),
  "interface-endpoints": aws({
    name: "VPC interface endpoints",
    value: 50,
    unit: "endpoints",
    scope: "VPC",
    adjustable: true,
    source: "VPC quotas",
  }),
  "elastic-ips": aws({
    name: "Elastic IP addresses",
    value: 5,
    unit: "addresses",
    scope: "region",
    adjustable: true,
    source: "EC2 service quotas; one a NAT gateway",
  }),
  "target-groups": aws({
    name: "ALB target groups",
    value: 100,
    unit: "groups",
    scope: "load balancer",
    adjustable: false,
    source: "Elastic Load Balancing quotas",
  }),
  "load-balancer-targets": aws({
    name: "ALB targets",
    value: 1_000,
    unit: "targets",
    scope: "load balancer",
    adjustable: true,
    source: "Elastic Load Balancing quotas",
  }),
  "web-acl-capacity": aws({
    name: "WAF web ACL capacity",
    value: 1_500,
    unit: "WCU",
    scope: "web ACL",
    adjustable: false,
    source: "WAF developer guide: above 1,500, up to 5,000, each request costs more",
  }),
  "dns-records": aws({
    name: "Route 53 records",
    value: 10_000,
    unit: "records",
    scope: "hosted zone",
    adjustable: true,
    source: "Route 53 quotas",
  }),
  alarms: aws({
    name: "CloudWatch alarms",
    value: 5_000,
    unit: "alarms",
    scope: "account and region",
    adjustable: true,
    source: "CloudWatch quotas",
  }),
  "database-proxies": aws({
    name: "RDS proxies",
    value: 20,
    unit: "proxies",
    scope: "account and region",
    adjustable: true,
    source: "RDS user guide, RDS Proxy quotas",
  }),
  "database-storage": aws({
    name: "RDS storage of one instance",
    value: 65_536,
    unit: "GiB",
    scope: "instance",
    adjustable: false,
    source: "RDS user guide, storage types",
  }),
  "database-max-connections": aws({
    name: "RDS default of max_connections",
    value: 5_000,
    unit: "connections",
    scope: "instance",
    adjustable: false,
    source: "RDS user guide, quotas: LEAST(DBInstanceClassMemory / 9531392, 5000)",
  }),
  namespaces: kubernetes({
    name: "Namespaces",
    value: 10_000,
    unit: "namespaces",
    scope: "cluster",
    adjustable: false,
    source: THRESHOLDS,
  }),
  services: kubernetes({
    name: "Services",
    value: 10_000,
    unit: "services",
    scope: "cluster",
    adjustable: false,
    source: THRESHOLDS,
  }),
  pods: kubernetes({
    name: "Pods",
    value: 150_000,
    unit: "pods",
    scope: "cluster",
    adjustable: false,
    source: LARGE_CLUSTERS,
  }),
  nodes: kubernetes({
    name: "Nodes",
    value: 5_000,
    unit: "nodes",
    scope: "cluster",
    adjustable: false,
    source: LARGE_CLUSTERS,
  }),
  etcd: kubernetes({
    name: "etcd database of EKS",
    value: 8_192,
    unit: "MiB",
    scope: "cluster",
    adjustable: false,
    source: "EKS best practices guide, scalability, control plane",
  }),
  "config-map": kubernetes({
    name: "Largest dashboard ConfigMap of a tenant",
    value: 1_024,
    unit: "KiB",
    scope: "object",
    adjustable: false,
    source: "kubernetes.io, ConfigMaps: data of at most 1 MiB",
  }),
  sidecars: istio({
    name: "Sidecars that istiod serves",
    value: 10_000,
    unit: "sidecars",
    scope: "mesh",
    adjustable: true,
    source: "istio.io, performance: 2,000 sidecars with namespace isolation an istiod; five at most here",
  }),
  "gateway-memory": istio({
    name: "Memory of one ingress gateway",
    value: 2_048,
    unit: "MiB",
    scope: "pod",
    adjustable: true,
    source: "constructs/mesh/ingress-gateway.ts, memory limit",
  }),
  relations: postgresql({
    name: "Catalogue entries (tables, indexes)",
    value: 1_000_000,
    unit: "relations",
    scope: "database",
    adjustable: false,
    source: "practice: pg_dump, autovacuum and relation caches slow down well before PostgreSQL's own 1.4 billion",
  }),
  "stack-resources": platform({
    name: "Resources of the largest tenant stack",
    value: 1_500,
    unit: "resources",
    scope: "Terraform state",
    adjustable: false,
    source: "tenancy/size.ts: a plan of more is neither quick nor read",
  }),
  "prometheus-series": platform({
    name: "Prometheus time series",
    value: 1_800_000,
    unit: "series",
    scope: "Prometheus replica",
    adjustable: true,
    source: "constructs/observability/metrics-plan.ts: what fills the memory of an m6i.xlarge",
  }),
} as const satisfies Record<string, Limit>;

export type LimitId = keyof typeof LIMITS;

/** Pods that a node takes, whatever its addresses would allow (kubelet `maxPods`; Kubernetes' limit, and EKS's below 30 vCPUs). */
export const PODS_PER_NODE = 110;

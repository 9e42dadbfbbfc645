import type { Resources } from "./node-capacity";

/** Node pools, in the order of reports. Standard pods may run on either of its two groups. */
export const POOLS = ["system", "enterprise", "standard"] as const;
export type Pool = (typeof POOLS)[number];

/** Pods of the platform itself, without DaemonSets. CPU in millicores, memory in MiB, of one replica with its sidecar. */
export interface PlatformPods {
  readonly name: string;
  readonly pool: Pool;
  /** Replicas at rest. */
  readonly replicas: number;
  readonly cpuMilli: number;
  readonly memoryMi: number;
}

const MIB_PER_GIB = 1_024;

/**
 * Requests as the stacks `eks`, `mesh` and `observability` set them in production; a test holds them against the
 * synthesized charts. What has no node selector tolerates no taint, and so lands on standard nodes.
 */
export const PLATFORM_PODS: readonly PlatformPods[] = [
  { name: "coredns", pool: "system", replicas: 2, cpuMilli: 100, memoryMi: 70 },
  { name: "ebs-csi-controller", pool: "system", replicas: 2, cpuMilli: 60, memoryMi: 240 },
  { name: "istiod", pool: "system", replicas: 2, cpuMilli: 500, memoryMi: 2 * MIB_PER_GIB },
  { name: "cluster-autoscaler", pool: "system", replicas: 2, cpuMilli: 100, memoryMi: 300 },
  { name: "aws-load-balancer-controller", pool: "system", replicas: 2, cpuMilli: 50, memoryMi: 128 },
  { name: "metrics-server", pool: "system", replicas: 2, cpuMilli: 100, memoryMi: 200 },
  { name: "cert-manager", pool: "system", replicas: 2, cpuMilli: 20, memoryMi: 128 },
  { name: "cert-manager-webhook", pool: "system", replicas: 2, cpuMilli: 10, memoryMi: 64 },
  { name: "cert-manager-cainjector", pool: "system", replicas: 2, cpuMilli: 20, memoryMi: 192 },
  { name: "flagger", pool: "system", replicas: 2, cpuMilli: 20, memoryMi: 64 },
  { name: "prometheus", pool: "enterprise", replicas: 2, cpuMilli: 1_010, memoryMi: 6 * MIB_PER_GIB + 32 },
  { name: "istio-ingressgateway", pool: "standard", replicas: 3, cpuMilli: 500, memoryMi: 768 },
  { name: "rate-limit", pool: "standard", replicas: 2, cpuMilli: 150, memoryMi: 160 },
  { name: "api-gateway", pool: "standard", replicas: 2, cpuMilli: 150, memoryMi: 704 },
  { name: "flagger-loadtester", pool: "standard", replicas: 1, cpuMilli: 35, memoryMi: 576 },
  { name: "alertmanager", pool: "standard", replicas: 2, cpuMilli: 35, memoryMi: 96 },
  { name: "prometheus-operator", pool: "standard", replicas: 1, cpuMilli: 50, memoryMi: 128 },
  { name: "kube-state-metrics", pool: "standard", replicas: 1, cpuMilli: 100, memoryMi: 384 },
  { name: "grafana", pool: "standard", replicas: 1, cpuMilli: 140, memoryMi: 576 },
  { name: "kiali", pool: "standard", replicas: 1, cpuMilli: 100, memoryMi: 512 },
  { name: "jaeger", pool: "standard", replicas: 1, cpuMilli: 100, memoryMi: 1_024 },
  { name: "cloudwatch-controller-manager", pool: "standard", replicas: 1, cpuMilli: 100, memoryMi: 64 },
];

/** What the platform's own pods ask of a pool. */
export function platformDemand(pool: Pool): Resources {
  return PLATFORM_PODS.filter((pods) => pods.pool === pool).reduce<Resources>(
    (sum, { replicas, cpuMilli, memoryMi }) => ({
      pods: sum.pods + replicas,
      cpuMilli: sum.cpuMilli + replicas * cpuMilli,
      memoryMi: sum.memoryMi + replicas * memoryMi,
    }),
    { pods: 0, cpuMilli: 0, memoryMi: 0 },
  );
}

/**
 * What the platform uses of each limit before its first tenant, counts that change with the stacks rounded up. A test holds
 * them against the synthesized stacks; what AWS or a chart adds by itself is said beside.
 */
export const PLATFORM_USE = {
  iamRoles: 19,
  /** Those of a second region's stacks, with a database of its own; tenants' roles are made once. */
  iamRolesOfSecondRegion: 17,
  iamPolicies: 15,
  podIdentityAssociations: 8,
  /** EKS adds the cluster's own group, the VPC its default one. */
  securityGroups: 11,
  interfaceEndpoints: 7,
  elasticIps: 3,
  targetGroups: 1,
  /** The managed groups' units, and 2 for the rule by address (AWS WAF developer guide, rate-based rules). */
  webAclCapacity: 1_177,
  /** The tenants' wildcard, and what proves the certificate. */
  dnsRecords: 2,
  alarms: 29,
  databaseProxies: 1,
  /** Six of the platform, four of Kubernetes, one of the CloudWatch add-on. */
  namespaces: 12,
  /** Charts make some 40; none is added for a tenant but its own. */
  services: 40,
  keys: 8,
  /** The instance's master user, which RDS keeps, and onboarding's GitHub App. */
  secrets: 2,
  /** ALB, RDS, proxy, rate limit store, NAT gateways and interface endpoints, in three zones at most. */
  networkInterfaces: 40,
  /** Pods with a sidecar outside of tenants: api-gateway, rate limit service and load tester. */
  sidecars: 5,
} as const;

/** Ingress gateways that the autoscaler starts at most (constructs/mesh/ingress-gateway.ts). */
export const MAX_GATEWAYS = 15;

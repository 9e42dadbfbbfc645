/** How often a client may call one tenant's API. A class is a rule of the global rate limit service. */
export interface RateClass {
  /** Requests a minute for one tenant, over all gateway replicas. Counted in fixed windows of a minute. */
  readonly requestsPerMinute: number;
}

/**
 * Rate classes by name. A tenant's class is its tier's; an override picks another of this table, so that no shared file
 * changes with a tenant. An average tenant sends about 2 requests a minute (brief: 50 million a month over 500).
 */
export const RATE_CLASSES = {
  starter: { requestsPerMinute: 300 },
  standard: { requestsPerMinute: 1_200 },
  enterprise: { requestsPerMinute: 6_000 },
  "enterprise-plus": { requestsPerMinute: 12_000 },
} as const satisfies Record<string, RateClass>;

export type RateClassName = keyof typeof RATE_CLASSES;

/** What the ResourceQuota of a tenant's namespace holds. CPU in cores, memory in GiB. */
export interface Quota {
  /** Guaranteed CPU, in cores, summed over all pods and their sidecars. */
  readonly requestsCpu: number;
  /** Guaranteed memory, in GiB. */
  readonly requestsMemoryGi: number;
  /** Burst CPU, in cores. */
  readonly limitsCpu: number;
  /** Burst memory, in GiB. */
  readonly limitsMemoryGi: number;
  /** Pods, their sidecars not counted. */
  readonly pods: number;
}

/** Requests and limits of one container. CPU in millicores, memory in MiB. */
export interface ContainerResources {
  readonly requestsCpuMilli: number;
  readonly requestsMemoryMi: number;
  readonly limitsCpuMilli: number;
  readonly limitsMemoryMi: number;
}

/** Replicas of each of a tenant's services. */
export interface Replicas {
  /** Pods at rest; also the HorizontalPodAutoscaler's `minReplicas`. */
  readonly min: number;
  /** The HorizontalPodAutoscaler's `maxReplicas`. Equal to `min`: no autoscaler. */
  readonly max: number;
}

/** Which nodes a tier's pods run on. */
export interface Scheduling {
  /** Value of the node label `taskflow.io/node-pool`. */
  readonly nodePool: "enterprise" | "standard";
  /** Value of the taint `taskflow.io/node-pool` that the pods tolerate, where the pool is tainted. */
  readonly toleratesTaint?: "enterprise";
  /** How hard the spread over zones is kept: a guarantee or a wish (`whenUnsatisfiable`). */
  readonly zoneSpread: "DoNotSchedule" | "ScheduleAnyway";
}

/** Envoy's pool and outlier detection towards one pod set of the tenant, per client Envoy. */
export interface ConnectionPool {
  readonly maxConnections: number;
  readonly http1MaxPendingRequests: number;
  readonly http2MaxRequests: number;
}

/** Everything that differs between tiers. Code reads a property; nothing compares a tier's name. */
export interface Tier {
  readonly name: TierName;
  /** List price a month, in US dollars (brief). */
  readonly priceUsd: number;
  readonly quota: Quota;
  readonly replicas: Replicas;
  /** The service's own container. */
  readonly container: ContainerResources;
  /** The Envoy sidecar: some 30 MiB of its own at 500 tenants, 111 with program text that a node shares (docs/capacity.md). */
  readonly sidecar: ContainerResources;
  readonly scheduling: Scheduling;
  readonly connectionPool: ConnectionPool;
  readonly rateClass: RateClassName;
  /** Whom an alert about one tenant of the tier reaches: the engineer on call, or the queue. */
  readonly alerts: "page" | "ticket";
  /** CONNECTION LIMIT of the tenant's database role. */
  readonly connectionLimit: number;
  /** Milliseconds that one statement of the tenant may take: RDS Proxy cannot cancel one (RDS Proxy, limitations). */
  readonly statementTimeoutMs: number;
  /** What an override in tenants.json may reach at most. */
  readonly overrideLimits: {
    readonly quota: Quota;
    readonly maxReplicas: number;
    readonly rateClasses: readonly RateClassName[];
    readonly connectionLimit: number;
  };
}

export type TierName = "starter" | "standard" | "enterprise";

/**
 * The tiers. `requests.*` are the architecture's figures (what a tenant is guaranteed), `limits.*` and `pods` the
 * onboarding script's (how far it may burst); see the brief's table. `tenancy/capacity.ts` proves that each quota holds
 * its own pods with sidecars at `replicas.max`, a canary of each service, and one surge pod.
 */
export const TIERS: { readonly [name in TierName]: Tier } = {
  starter: {
    name: "starter",
    priceUsd: 29,
    quota: { requestsCpu: 1, requestsMemoryGi: 2, limitsCpu: 2, limitsMemoryGi: 4, pods: 10 },
    replicas: { min: 1, max: 1 },
    // With a canary of each service 78 % of limits.cpu: an owner hears from 80 % on.
    container: { requestsCpuMilli: 25, requestsMemoryMi: 128, limitsCpuMilli: 180, limitsMemoryMi: 256 },
    sidecar: { requestsCpuMilli: 10, requestsMemoryMi: 80, limitsCpuMilli: 80, limitsMemoryMi: 192 },
    scheduling: { nodePool: "standard", zoneSpread: "ScheduleAnyway" },
    connectionPool: { maxConnections: 20, http1MaxPendingRequests: 20, http2MaxRequests: 100 },
    rateClass: "starter",
    alerts: "ticket",
    connectionLimit: 3,
    statementTimeoutMs: 10_000,
    overrideLimits: {
      quota: { requestsCpu: 2, requestsMemoryGi: 4, limitsCpu: 4, limitsMemoryGi: 8, pods: 25 },
      maxReplicas: 2,
      rateClasses: ["starter", "standard"],
      connectionLimit: 6,
    },
  },
  standard: {
    name: "standard",
    priceUsd: 99,
    quota: { requestsCpu: 2, requestsMemoryGi: 4, limitsCpu: 4, limitsMemoryGi: 8, pods: 25 },
    replicas: { min: 2, max: 3 },
    container: { requestsCpuMilli: 50, requestsMemoryMi: 160, limitsCpuMilli: 220, limitsMemoryMi: 384 },
    sidecar: { requestsCpuMilli: 10, requestsMemoryMi: 80, limitsCpuMilli: 80, limitsMemoryMi: 192 },
    scheduling: { nodePool: "standard", zoneSpread: "ScheduleAnyway" },
    connectionPool: { maxConnections: 100, http1MaxPendingRequests: 100, http2MaxRequests: 400 },
    rateClass: "standard",
    alerts: "ticket",
    connectionLimit: 6,
    statementTimeoutMs: 15_000,
    overrideLimits: {
      quota: { requestsCpu: 4, requestsMemoryGi: 8, limitsCpu: 8, limitsMemoryGi: 16, pods: 50 },
      maxReplicas: 6,
      rateClasses: ["standard", "enterprise"],
      connectionLimit: 12,
    },
  },
  enterprise: {
    name: "enterprise",
    priceUsd: 499,
    quota: { requestsCpu: 4, requestsMemoryGi: 8, limitsCpu: 16, limitsMemoryGi: 32, pods: 100 },
    replicas: { min: 3, max: 6 },
    container: { requestsCpuMilli: 100, requestsMemoryMi: 256, limitsCpuMilli: 500, limitsMemoryMi: 1_024 },
    sidecar: { requestsCpuMilli: 20, requestsMemoryMi: 96, limitsCpuMilli: 200, limitsMemoryMi: 256 },
    scheduling: { nodePool: "enterprise", toleratesTaint: "enterprise", zoneSpread: "DoNotSchedule" },
    connectionPool: { maxConnections: 500, http1MaxPendingRequests: 500, http2MaxRequests: 2_000 },
    rateClass: "enterprise",
    alerts: "page",
    connectionLimit: 20,
    statementTimeoutMs: 30_000,
    overrideLimits: {
      quota: { requestsCpu: 16, requestsMemoryGi: 32, limitsCpu: 64, limitsMemoryGi: 128, pods: 200 },
      maxReplicas: 20,
      rateClasses: ["enterprise", "enterprise-plus"],
      connectionLimit: 60,
    },
  },
};

/** Tier names, smallest first. */
export const TIER_NAMES: readonly TierName[] = ["starter", "standard", "enterprise"];

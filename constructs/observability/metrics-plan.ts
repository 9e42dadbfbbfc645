import type { Environment } from "../../config";

/** What Prometheus is sized for. */
export interface MetricsPlan {
  readonly tenants: number;
  /** Time series at once, with every gateway the autoscaler may start. */
  readonly series: number;
  /** Memory that the scheduler keeps free for one replica, in GiB. */
  readonly memoryRequestGi: number;
  /** Memory at which a replica is killed, in GiB. */
  readonly memoryLimitGi: number;
  /** Disk of one replica, in GiB. */
  readonly volumeGi: number;
  /** Where Prometheus drops its oldest blocks whatever their age, in GiB. */
  readonly retentionSizeGi: number;
}

/** Seconds between two scrapes, and between two evaluations of a rule. */
export const SCRAPE_INTERVAL_SECONDS = 30;

/** Tenants that a shard is planned for on average. */
const TENANTS_PER_SHARD = 25;

/** Pods of a tenant (brief: three services of two replicas). */
const PODS_PER_TENANT = 6;

/** Gateways at most (brief: HPA 3–15). */
const GATEWAYS = 15;

/**
 * Time series of one label set of request metrics: the counter, and the histogram of durations with the buckets that
 * `mesh-relabelings.ts` keeps, its sum and its count.
 */
const REQUEST_SERIES = 1 + 12 + 2;

/** Response codes that one tenant's clients see; flags make a label set of their own. */
const RESPONSE_CODES = 4;

/** Services of a tenant (brief), and what is kept of the gateway's pool towards each. */
const SERVICES = 3;
const POOL_STATISTICS = 5;

/**
 * Time series by origin. Those of proxies follow from the label sets that relabelling keeps, those of rules from the
 * recorded names; tests count both. The rest is estimated from the exporters' defaults.
 */
export const SERIES = {
  /** API server, kubelets, nodes, the platform's own pods. */
  platform: 150_000,
  /** Quota, deployments, autoscalers and the like of one namespace; three services' names and states in the database. */
  perTenant: 150,
  /** Proxy 80, application 40, kube-state-metrics 45, cAdvisor 60. */
  perPod: 225,
  /** What the gateway counts of one tenant. */
  perTenantAndGateway: RESPONSE_CODES * REQUEST_SERIES + SERVICES * POOL_STATISTICS,
  /**
   * Recorded for one tenant: 21 rates over seven windows, 12 buckets and 3 quantiles of durations, 9 figures of three
   * pools, 5 of its quota, 4 of its pods, its labels, throttled requests, database connections.
   */
  recordedPerTenant: 57,
} as const;

/**
 * Series that one replica may hold at most: at BYTES_PER_SERIES and its reserve for queries they fill what an m6i.xlarge,
 * the largest node that is planned, has for one pod.
 */
export const SERIES_CEILING = 1_800_000;

/** Head chunks, index and labels of one series in memory; rule of thumb for Prometheus 3. */
const BYTES_PER_SERIES = 4_096;

/** On disk, compressed (Prometheus documentation, "Storage": 1 to 2 bytes). */
const BYTES_PER_SAMPLE = 1.7;

/** Share of the disk that the planned samples fill; the rest is for write-ahead log, compaction and growth. */
const DISK_FILL = 0.6;

/** Share of the disk at which the oldest blocks go. */
const DISK_CEILING = 0.8;

const GIB = 1_024 ** 3;

/** Time series of one tenant, with every gateway the autoscaler may start. */
export function seriesOfTenant(): number {
  const scraped = SERIES.perTenant + PODS_PER_TENANT * SERIES.perPod + GATEWAYS * SERIES.perTenantAndGateway;
  return scraped + SERIES.recordedPerTenant;
}

/** Sizes Prometheus for the tenants that the environment's shards hold when full, not for those there are today. */
export function planMetrics(environment: Environment): MetricsPlan {
  const tenants = environment.tenantShards * TENANTS_PER_SHARD;
  const series = SERIES.platform + tenants * seriesOfTenant();
  const memoryRequestGi = Math.ceil((series * BYTES_PER_SERIES) / GIB);
  const samples = (series / SCRAPE_INTERVAL_SECONDS) * environment.savings.metricRetentionDays * 86_400;
  const volumeGi = Math.ceil((samples * BYTES_PER_SAMPLE) / GIB / DISK_FILL / 10) * 10;
  return {
    tenants,
    series,
    memoryRequestGi,
    // Queries and the reading of the write-ahead log after a restart take up to three quarters more.
    memoryLimitGi: Math.ceil(memoryRequestGi * 1.75),
    volumeGi,
    retentionSizeGi: Math.floor(volumeGi * DISK_CEILING),
  };
}

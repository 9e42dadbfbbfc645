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

/**
 * Days of metrics: three are what the slowest burn-rate window reads, seven let a day be compared with the same day of the
 * week before. The chart's default is 10, the brief asks for less on account of cost.
 */
export const METRICS_RETENTION_DAYS = 7;

/** Seconds between two scrapes, and between two evaluations of a rule. */
export const SCRAPE_INTERVAL_SECONDS = 30;

/** Tenants that a shard is planned for on average. */
const TENANTS_PER_SHARD = 25;

/** Pods of a tenant (brief: three services of two replicas). */
const PODS_PER_TENANT = 6;

/** Gateways at most (brief: HPA 3–15). */
const GATEWAYS = 15;

/**
 * Time series by origin, estimated from Istio's standard metrics and the exporters' defaults as far as they are kept here:
 * a label set of request metrics is 15 series (a counter, 12 buckets, sum, count).
 */
const SERIES = {
  /** API server, kubelets, nodes, the platform's own pods. */
  platform: 150_000,
  /** Quota, deployments, autoscalers and the like of one namespace. */
  perTenant: 150,
  /** Proxy 80, application 40, kube-state-metrics 45, cAdvisor 60. */
  perPod: 225,
  /** Four response codes of one tenant, and the pool of each of its services. */
  perTenantAndGateway: 75,
} as const;

/** Head chunks, index and labels of one series in memory; rule of thumb for Prometheus 3. */
const BYTES_PER_SERIES = 4_096;

/** On disk, compressed (Prometheus documentation, "Storage": 1 to 2 bytes). */
const BYTES_PER_SAMPLE = 1.7;

/** Share of the disk that the planned samples fill; the rest is for write-ahead log, compaction and growth. */
const DISK_FILL = 0.6;

/** Share of the disk at which the oldest blocks go. */
const DISK_CEILING = 0.8;

const GIB = 1_024 ** 3;

/** Sizes Prometheus for the tenants that the environment's shards hold when full, not for those there are today. */
export function planMetrics(environment: Environment): MetricsPlan {
  const tenants = environment.tenantShards * TENANTS_PER_SHARD;
  const perTenant = SERIES.perTenant + PODS_PER_TENANT * SERIES.perPod + GATEWAYS * SERIES.perTenantAndGateway;
  const series = SERIES.platform + tenants * perTenant;
  const memoryRequestGi = Math.ceil((series * BYTES_PER_SERIES) / GIB);
  const samples = (series / SCRAPE_INTERVAL_SECONDS) * METRICS_RETENTION_DAYS * 86_400;
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

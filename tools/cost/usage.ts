import { RATE_CLASSES, TENANT_SERVICES, type TierName } from "../../config";
import type { Tenant } from "../../tenancy";
import { demandAt, type Fleet } from "../limits/fleet";
import type { Resources } from "../limits/node-capacity";
import { PLATFORM_PODS } from "../limits/platform-share";

/** Requests that the brief counts a month, over its 500 tenants. */
const BRIEF_REQUESTS = 50_000_000;

/** The fleet those come from: the usual mix of tiers (test/support/fleet.ts), as many as the platform is built for. */
const BRIEF_TENANTS = { starter: 250, standard: 200, enterprise: 50 } as const;

/** Requests a month for each request a minute that a tenant's rate class allows. */
const REQUESTS_PER_RATE =
  BRIEF_REQUESTS /
  (BRIEF_TENANTS.starter * RATE_CLASSES.starter.requestsPerMinute +
    BRIEF_TENANTS.standard * RATE_CLASSES.standard.requestsPerMinute +
    BRIEF_TENANTS.enterprise * RATE_CLASSES.enterprise.requestsPerMinute);

/** Peak over mean (brief: 19 requests a second, 200 at the peak), and what one request costs a service; assumed. */
const PEAK_FACTOR = 10;
const CPU_MILLISECONDS_PER_REQUEST = 20;
const SECONDS_PER_MONTH = 730 * 3_600;

/** CPU that the autoscaler keeps a container at, of its request (constructs/kubernetes/cpu-autoscaler.ts). */
const TARGET_CPU = 0.6;

/** Kilobytes of a request and of its answer; assumed, JSON with compression. */
const REQUEST_KB = 2;
const RESPONSE_KB = 20;

/** Share of a request's traffic that leaves the VPC again by NAT: webhooks, e-mail; assumed. */
const NAT_SHARE = 0.1;

/** Hops of a request inside the cluster (gateway, service, database), two of three of which cross a zone's border. */
const HOPS = 2;
const CROSS_ZONE = 2 / 3;

/** Logs a month, in GB; assumed. Tenants' own logs are warnings and errors alone (constructs/cluster/fluent-bit). */
const LOG_GB = {
  /** Control plane, the audit log for the most part. */
  controlPlane: 40,
  perPlatformPod: 0.5,
  perNode: 0.5,
  database: 10,
  /** Lines of failed or slow requests and of services, for each million requests. */
  perMillionRequests: 0.05,
} as const;

/** Metrics that Container Insights observes at each sample: of a node, and of a pod with its containers; assumed. */
const OBSERVED_METRICS = { perNode: 60, perPod: 35 } as const;

/** Kilobytes of a request's trace, four spans, and the days that Jaeger keeps it (constructs/observability/jaeger.ts). */
const TRACE_KB = 4;
const TRACE_DAYS = 7;
const DAYS_PER_MONTH = SECONDS_PER_MONTH / 86_400;

/** What a fleet uses a month, beside what stands in its settings. */
export interface Usage {
  readonly requestsMillion: number;
  readonly egressGb: number;
  readonly natGb: number;
  /** Counted once; both directions are billed. */
  readonly crossZoneGb: number;
  readonly logGb: number;
  /** Traces of all requests in the days that they are kept, by tier. */
  readonly traceGb: Readonly<Record<TierName, number>>;
  /** Metrics observed at each sample. */
  readonly observedMetrics: number;
}

/** Requests a month that a tenant is expected to send; none unless it is active. */
export function monthlyRequests({ state, rateClass }: Tenant): number {
  return state === "active" ? RATE_CLASSES[rateClass].requestsPerMinute * REQUESTS_PER_RATE : 0;
}

/** What a tenant's pods request in the busiest hour: the replicas that the autoscaler then keeps, at least those at rest. */
export function daytimeDemand(tenant: Tenant): Resources {
  const peakPerSecond = (monthlyRequests(tenant) * PEAK_FACTOR) / SECONDS_PER_MONTH / TENANT_SERVICES.length;
  const cpuMilli = peakPerSecond * CPU_MILLISECONDS_PER_REQUEST;
  const wanted = Math.ceil(cpuMilli / (tenant.tier.container.requestsCpuMilli * TARGET_CPU));
  return demandAt(tenant, Math.min(tenant.replicas.max, Math.max(tenant.replicas.min, wanted)));
}

/** What a fleet uses in a month. */
export function usageOf(fleet: Fleet, tenants: readonly Tenant[]): Usage {
  const millions = (of: readonly Tenant[]): number =>
    of.reduce((sum, tenant) => sum + monthlyRequests(tenant), 0) / 1_000_000;
  const requestsMillion = millions(tenants);
  const traceGb = (name: TierName): number =>
    (millions(tenants.filter(({ tier }) => tier.name === name)) * TRACE_KB * TRACE_DAYS) / DAYS_PER_MONTH;
  const nodes = fleet.pools.reduce((sum, pool) => sum + pool.nodes, 0);
  const platformPods = PLATFORM_PODS.reduce((sum, { replicas }) => sum + replicas, 0);
  // A million requests of one kilobyte are a gigabyte.
  const gb = (kilobytes: number): number => requestsMillion * kilobytes;
  return {
    requestsMillion,
    egressGb: gb(RESPONSE_KB),
    natGb: gb((REQUEST_KB + RESPONSE_KB) * NAT_SHARE),
    crossZoneGb: gb((REQUEST_KB + RESPONSE_KB) * HOPS * CROSS_ZONE),
    logGb:
      LOG_GB.controlPlane +
      LOG_GB.database +
      platformPods * LOG_GB.perPlatformPod +
      nodes * LOG_GB.perNode +
      requestsMillion * LOG_GB.perMillionRequests,
    traceGb: { starter: traceGb("starter"), standard: traceGb("standard"), enterprise: traceGb("enterprise") },
    observedMetrics: nodes * OBSERVED_METRICS.perNode + (platformPods + fleet.tenantPods) * OBSERVED_METRICS.perPod,
  };
}

import {
  DATABASE_PRICES,
  type Environment,
  HOURS_PER_MONTH,
  InputError,
  INSTANCE_PRICES,
  type Price,
  PRICED_REGION,
  PRICES,
  REPOSITORIES,
  type SavingsSettings,
  secondaryEnvironment,
  TIER_NAMES,
} from "../../config";
import { type Fleet, measureFleet, type NodeGroupUse } from "../limits/fleet";
import { PLATFORM_USE, type Pool } from "../limits/platform-share";
import { type Usage, usageOf } from "./usage";

/** By what a line is shared out among tenants. */
export type Share = `pool:${Pool}` | "connections" | "data" | "requests" | "pods" | "even";

/** One line of the estimate, on demand and before any saving. */
export interface CostLine {
  readonly id: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: Price;
  /** US dollars a month. */
  readonly usd: number;
  readonly share: Share;
}

/** Settings of monitoring that a line depends on. */
export interface MonitoringSettings {
  /** Seconds between two samples of Container Insights. */
  readonly sampleSeconds: number;
  /** Days that Prometheus keeps metrics. */
  readonly retentionDays: number;
  /** Days that CloudWatch keeps logs. */
  readonly logDays: number;
  readonly tracesKeptPercent: SavingsSettings["tracesKeptPercent"];
}

/** Seconds between two samples (constructs/cluster/container-insights.ts); a test holds it against the add-on. */
export const SAMPLE_SECONDS = 300;

/** As the add-on and the charts come. CloudWatch keeps logs for ever: a year stands for it, as auditors ask for. */
export const MONITORING_DEFAULTS: MonitoringSettings = {
  sampleSeconds: 60,
  retentionDays: 10,
  logDays: 365,
  tracesKeptPercent: { starter: 100, standard: 100, enterprise: 100 },
};

/** Volumes, in GiB (constructs/cluster/node-group.ts, constructs/observability). */
const NODE_VOLUME_GIB = 80;
const PROMETHEUS_GIB_PER_DAY = (2 * 80) / 7;
const ALERTMANAGER_VOLUMES_GIB = 2 * 2;

/**
 * Jaeger's volume, in GiB, built for a quarter as many GB of traces; more of them need a larger one
 * (constructs/observability/jaeger.ts).
 */
export const TRACE_VOLUME_GIB = 20;
const VOLUME_PER_TRACES = 4;

/** vCPUs by instance class, as RDS Proxy bills them, two at the least. */
const DATABASE_VCPUS: Readonly<Record<string, number>> = {
  "db.r6g.large": 2,
  "db.r6g.xlarge": 4,
  "db.r6g.2xlarge": 8,
  "db.r6g.4xlarge": 16,
};

/**
 * GB of snapshots for each of data: the first is whole, the others hold what has changed since; assumed, for 35 days and a
 * year's months. The instance's own backups are free up to its storage.
 */
export const BACKUP_COPIES = 2;

/** Images of one repository that are kept, in GB; assumed: thirty of 250 MB, most layers shared. */
const REPOSITORY_GB = 2;

/** Flow logs, load balancer's logs and state, in GB; assumed. */
const OBJECT_GB = 100;

/** Rules of the web ACL: five managed groups and the rate by address (constructs/edge). */
const WEB_ACL_RULES = 6;

const RATE_LIMIT_STORE_NODES = 2;

/** Its price is computed. What is sent between the regions, the database's changes above all, is not in it. */
const SECOND_REGION: Omit<Price, "usd"> = {
  what: "A region without tenants",
  unit: "region-month",
  source: `sum of the lines above without tenants, at the prices of ${PRICED_REGION}; Virginia's are lower`,
  date: "2026-11",
  confidence: "assumed",
};

const NODE_NAMES: Readonly<Record<NodeGroupUse["name"], string>> = {
  system: "Nodes: system",
  enterprise: "Nodes: enterprise",
  standardOnDemand: "Nodes: standard, on demand",
  standardSpot: "Nodes: standard, spot",
};

/** Monitoring as the environment has it. */
export function monitoringOf({ savings, logRetentionDays }: Environment): MonitoringSettings {
  return {
    sampleSeconds: SAMPLE_SECONDS,
    retentionDays: savings.metricRetentionDays,
    logDays: logRetentionDays,
    tracesKeptPercent: savings.tracesKeptPercent,
  };
}

/**
 * Every line of the estimate.
 *
 * @throws InputError if the region, an instance type or the instance class has no price
 */
export function costLines(
  environment: Environment,
  fleet: Fleet,
  usage: Usage,
  monitoring: MonitoringSettings,
): readonly CostLine[] {
  return [...regionLines(environment, fleet, usage, monitoring), ...secondRegionLines(environment, monitoring)];
}

/** The second region as one line: what the lines of a region without tenants sum up to. */
function secondRegionLines(environment: Environment, monitoring: MonitoringSettings): readonly CostLine[] {
  const secondary = secondaryEnvironment(environment);
  if (secondary === undefined) {
    return [];
  }
  const fleet = measureFleet(secondary, []);
  const lines = regionLines({ ...secondary, region: PRICED_REGION }, fleet, usageOf(fleet, []), monitoring);
  const usd = lines.reduce((sum, { usd: part }) => sum + part, 0);
  return [line("second-region", "Second region at rest", 1, { ...SECOND_REGION, usd }, "even")];
}

function regionLines(
  environment: Environment,
  fleet: Fleet,
  usage: Usage,
  monitoring: MonitoringSettings,
): readonly CostLine[] {
  if (environment.region !== PRICED_REGION) {
    throw new InputError(`config/prices.ts: no prices for region ${environment.region}; known: ${PRICED_REGION}`);
  }
  const zones = environment.network.privateSubnets.length;
  const nodes = fleet.pools.reduce((sum, pool) => sum + pool.nodes, 0);
  const { instanceClass, allocatedStorageGib } = environment.database;
  const storedMonths = monitoring.logDays / 30;
  const traceGb = TIER_NAMES.reduce(
    (sum, tier) => sum + (usage.traceGb[tier] * monitoring.tracesKeptPercent[tier]) / 100,
    0,
  );
  const hours = (count: number): number => count * HOURS_PER_MONTH;
  return [
    line("eks", "EKS control plane", hours(1), PRICES.eksCluster, "even"),
    ...fleet.pools.flatMap(({ pool, groups }) =>
      groups.map(({ name, plan, nodes: count }) =>
        line(
          `nodes-${name}`,
          NODE_NAMES[name],
          hours(count),
          priceOf(INSTANCE_PRICES, plan.instanceTypes[0], "instance type"),
          `pool:${pool}`,
        ),
      ),
    ),
    line("node-volumes", "Nodes: root volumes", nodes * NODE_VOLUME_GIB, PRICES.blockStorage, "pods"),
    line(
      "database",
      "RDS instance, Multi-AZ",
      hours(1),
      priceOf(DATABASE_PRICES, instanceClass, "instance class"),
      "connections",
    ),
    line(
      "database-storage",
      "RDS storage",
      Math.max(allocatedStorageGib, fleet.dataGib),
      PRICES.databaseStorage,
      "data",
    ),
    line("database-backups", "AWS Backup, database", BACKUP_COPIES * fleet.dataGib, PRICES.databaseBackup, "data"),
    line("proxy", "RDS Proxy", hours(DATABASE_VCPUS[instanceClass] ?? 2), PRICES.databaseProxyVcpu, "connections"),
    line("load-balancer", "ALB", hours(1), PRICES.loadBalancer, "even"),
    // One capacity unit is a gigabyte an hour, which binds before connections and rules do.
    line("load-balancer-traffic", "ALB, capacity units", usage.egressGb, PRICES.loadBalancerCapacity, "requests"),
    line("nat", "NAT gateways", hours(PLATFORM_USE.elasticIps), PRICES.natGateway, "even"),
    line("nat-data", "NAT gateways, data", usage.natGb, PRICES.natData, "requests"),
    line("logs", "CloudWatch Logs, written", usage.logGb, PRICES.logIngestion, "requests"),
    line("logs-stored", "CloudWatch Logs, stored", usage.logGb * storedMonths, PRICES.logStorage, "requests"),
    line(
      "insights",
      "Container Insights",
      (usage.observedMetrics * hours(3_600)) / monitoring.sampleSeconds / 1_000_000,
      PRICES.observations,
      "pods",
    ),
    line("alarms", "CloudWatch alarms", PLATFORM_USE.alarms, PRICES.alarm, "even"),
    line(
      "metrics-volumes",
      "Monitoring: volumes",
      PROMETHEUS_GIB_PER_DAY * monitoring.retentionDays +
        ALERTMANAGER_VOLUMES_GIB +
        Math.max(TRACE_VOLUME_GIB, VOLUME_PER_TRACES * traceGb),
      PRICES.blockStorage,
      "pods",
    ),
    line("registry", "ECR", REPOSITORIES.length * REPOSITORY_GB, PRICES.registryStorage, "even"),
    line("secrets", "Secrets Manager", PLATFORM_USE.secrets, PRICES.secret, "even"),
    line(
      "endpoints",
      "VPC endpoints",
      hours(PLATFORM_USE.interfaceEndpoints * zones),
      PRICES.interfaceEndpoint,
      "even",
    ),
    // NAT gateways and the load balancer, one in each zone.
    line("addresses", "Public IPv4 addresses", hours(PLATFORM_USE.elasticIps + zones), PRICES.publicAddress, "even"),
    line("web-acl", "WAF", 1, PRICES.webAcl, "even"),
    line("web-acl-rules", "WAF, rules", WEB_ACL_RULES, PRICES.webAclRule, "even"),
    line("web-acl-requests", "WAF, requests", usage.requestsMillion, PRICES.webAclRequests, "requests"),
    line(
      "rate-limit-store",
      "ElastiCache, rate limit counters",
      hours(RATE_LIMIT_STORE_NODES),
      PRICES.rateLimitStoreNode,
      "even",
    ),
    line("egress", "Data to the Internet", usage.egressGb, PRICES.egressData, "requests"),
    line("cross-zone", "Data between zones", usage.crossZoneGb * 2, PRICES.crossZoneData, "requests"),
    line("objects", "S3", OBJECT_GB, PRICES.objectStorage, "even"),
    line("keys", "KMS keys", PLATFORM_USE.keys, PRICES.key, "even"),
    line("dns", "Route 53", 1, PRICES.hostedZone, "even"),
  ];
}

function line(id: string, name: string, quantity: number, price: Price, share: Share): CostLine {
  return { id, name, quantity, price, usd: quantity * price.usd, share };
}

function priceOf(prices: Readonly<Record<string, Price>>, key: string | undefined, what: string): Price {
  const price = key === undefined ? undefined : prices[key];
  if (price === undefined) {
    const known = Object.keys(prices).join(", ");
    throw new InputError(`config/platform.ts: ${what} ${JSON.stringify(key)} has no price; known: ${known}`);
  }
  return price;
}

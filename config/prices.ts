/**
 * What AWS charges in Tokyo (ap-northeast-1), on demand, without tax. `cost` of the commands and the cost dashboard read it.
 * A price list query must resolve to one SKU; third-party tables disagree widely, so each line says how sure it is.
 */

/** Hours that AWS's own calculators count a month as. */
export const HOURS_PER_MONTH = 730;

/** Region that the prices hold for; a plan for another region needs a table of its own. */
export const PRICED_REGION = "ap-northeast-1";

/**
 * How a figure is known: read in AWS's price list; computed from one that was, by AWS's own rule; or assumed, to be replaced
 * once an invoice tells.
 */
export type Confidence = "listed" | "derived" | "assumed";

/** One line of the price table. */
export interface Price {
  readonly what: string;
  /** What one of it is: `h`, `GB`, `GB-month`, … */
  readonly unit: string;
  /** US dollars a unit. */
  readonly usd: number;
  readonly source: string;
  /** Month of the price list, or of the estimate. */
  readonly date: string;
  readonly confidence: Confidence;
}

const priceList = (what: string, unit: string, usd: number): Price => ({
  what,
  unit,
  usd,
  source: "AWS Price List, ap-northeast-1",
  date: "2026-09",
  confidence: "listed",
});
const derived = (what: string, unit: string, usd: number, source: string): Price => ({
  what,
  unit,
  usd,
  source,
  date: "2026-09",
  confidence: "derived",
});
const assumed = (what: string, unit: string, usd: number, source: string): Price => ({
  what,
  unit,
  usd,
  source,
  date: "2026-11",
  confidence: "assumed",
});

/** Linux nodes by instance type, US dollars an hour on demand. */
export const INSTANCE_PRICES: Readonly<Record<string, Price>> = {
  "m6i.large": derived(
    "EC2 m6i.large",
    "h",
    0.124,
    "5 % below m7i.large at $0.1302 in the price list; m5.large bills the same",
  ),
  "m6i.xlarge": derived("EC2 m6i.xlarge", "h", 0.248, "twice m6i.large"),
};

/** RDS for PostgreSQL, Multi-AZ instance, by class, US dollars an hour on demand. */
export const DATABASE_PRICES: Readonly<Record<string, Price>> = {
  "db.r6g.large": priceList("RDS db.r6g.large Multi-AZ", "h", 0.54),
  "db.r6g.xlarge": derived("RDS db.r6g.xlarge Multi-AZ", "h", 1.08, "twice db.r6g.large"),
  "db.r6g.2xlarge": derived("RDS db.r6g.2xlarge Multi-AZ", "h", 2.16, "four times db.r6g.large"),
  "db.r6g.4xlarge": derived("RDS db.r6g.4xlarge Multi-AZ", "h", 4.32, "eight times db.r6g.large"),
};

/** Everything that is not a node or a database instance. */
export const PRICES = {
  eksCluster: priceList("EKS cluster, standard support", "h", 0.1),
  databaseStorage: priceList("RDS gp3 storage, Multi-AZ", "GB-month", 0.276),
  databaseBackup: assumed("RDS snapshots in AWS Backup", "GB-month", 0.095, "long unchanged in most regions"),
  databaseProxyVcpu: assumed(
    "RDS Proxy, per vCPU of the instance",
    "h",
    0.018,
    "$0.015 in Virginia; Tokyo a fifth above",
  ),
  loadBalancer: priceList("Application Load Balancer", "h", 0.0243),
  loadBalancerCapacity: priceList("ALB capacity unit", "LCU-h", 0.008),
  natGateway: priceList("NAT gateway", "h", 0.062),
  natData: priceList("NAT gateway, data", "GB", 0.062),
  interfaceEndpoint: priceList("VPC interface endpoint, per zone", "h", 0.014),
  publicAddress: priceList("Public IPv4 address", "h", 0.005),
  crossZoneData: priceList("Data between zones, each direction", "GB", 0.01),
  egressData: priceList("Data to the Internet", "GB", 0.114),
  blockStorage: priceList("EBS gp3 volume", "GB-month", 0.096),
  logIngestion: priceList("CloudWatch Logs, written", "GB", 0.76),
  logStorage: priceList("CloudWatch Logs, stored", "GB-month", 0.033),
  alarm: priceList("CloudWatch alarm", "alarm-month", 0.1),
  observations: assumed("Container Insights with enhanced observability", "million", 0.21, "Virginia's price"),
  registryStorage: priceList("ECR storage", "GB-month", 0.1),
  secret: priceList("Secrets Manager secret", "secret-month", 0.4),
  key: priceList("KMS key", "key-month", 1),
  webAcl: priceList("WAF web ACL", "ACL-month", 5),
  webAclRule: priceList("WAF rule or managed rule group", "rule-month", 1),
  webAclRequests: priceList("WAF requests", "million", 0.6),
  rateLimitStoreNode: assumed(
    "ElastiCache for Valkey cache.t4g.small",
    "h",
    0.041,
    "$0.051 for Redis OSS; Valkey a fifth below",
  ),
  objectStorage: assumed("S3 Standard storage", "GB-month", 0.025, "long unchanged in Tokyo"),
  hostedZone: priceList("Route 53 hosted zone", "zone-month", 0.5),
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;

/** Another way to pay than on demand. */
export interface Discount {
  readonly what: string;
  /** Share of the on-demand price that is still paid, 0 to 1. */
  readonly factor: number;
  readonly source: string;
  readonly date: string;
  readonly confidence: Confidence;
}

/** Ways to pay less. All are assumptions: none is a list price, spot changes by the hour. */
export const DISCOUNTS = {
  spot: {
    what: "Spot instances of the m family",
    factor: 0.4,
    source: "AWS names up to 90 % off; general-purpose types in Tokyo stay nearer 60 %",
    date: "2026-11",
    confidence: "assumed",
  },
  computeSavingsPlan: {
    what: "Compute Savings Plan, one year, nothing upfront",
    factor: 0.73,
    source: "27 % off m6i, as published for Virginia",
    date: "2026-11",
    confidence: "assumed",
  },
  databaseReservation: {
    what: "RDS reservation, one year, nothing upfront",
    factor: 0.7,
    source: "about 30 % off db.r6g, as published for Virginia",
    date: "2026-11",
    confidence: "assumed",
  },
} as const satisfies Record<string, Discount>;

/**
 * What a commitment takes off, by its term. No source was found that states the three-year rate of m6i or db.r6g, so that
 * none is offered.
 */
export const COMMITMENTS = {
  "one-year": { compute: DISCOUNTS.computeSavingsPlan, database: DISCOUNTS.databaseReservation },
} as const satisfies Record<string, { readonly compute: Discount; readonly database: Discount }>;

export type CommitmentTerm = keyof typeof COMMITMENTS;

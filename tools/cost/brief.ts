import type { PoolUse } from "../limits/fleet";
import type { Estimate } from "./estimate";
import type { SavingId } from "./savings";

/** A line of the brief's table, ours beside it. US dollars a month. */
export interface BriefLine {
  readonly name: string;
  /** 0 where the brief does not count it. */
  readonly brief: number;
  readonly ours: number;
  /** Whether it is one of the savings, and so below 0. */
  readonly saving: boolean;
  /** Why they differ. */
  readonly reason: string;
}

interface Row {
  readonly name: string;
  readonly brief: number;
  /** Beginnings of the ids of our lines that answer it. */
  readonly lines: readonly string[];
  readonly reason: (estimate: Estimate) => string;
}

/** Connections that the brief sizes the proxy for: 500 tenants × 3 services × 2 replicas × 0.5. */
const BRIEF_CONNECTIONS = 1_500;

/** The brief's monthly table for 500 tenants, then what it leaves out. */
const ROWS: readonly Row[] = [
  { name: "EKS", brief: 73, lines: ["eks"], reason: () => "the same: $0.10 an hour" },
  {
    name: "System nodes",
    brief: 200,
    lines: ["nodes-system"],
    reason: (estimate) => nodesReason(estimate, "system", "2 × m6i.large, rounded up"),
  },
  {
    name: "Enterprise nodes",
    brief: 750,
    lines: ["nodes-enterprise"],
    reason: (estimate) => nodesReason(estimate, "enterprise", "5 × m6i.xlarge, $905 in Tokyo"),
  },
  {
    name: "Standard nodes",
    brief: 1_000,
    lines: ["nodes-standardOnDemand", "nodes-standardSpot"],
    reason: (estimate) => nodesReason(estimate, "standard", "10 × m6i.large, $905 in Tokyo"),
  },
  {
    name: "RDS instance",
    brief: 400,
    lines: ["database"],
    reason: ({ environment, fleet }) =>
      `${environment.database.instanceClass}: the brief's db.r6g.large cannot hold its own ` +
      `${thousands(BRIEF_CONNECTIONS)} connections; these tenants need ${thousands(fleet.connections.expectedPeak)}`,
  },
  {
    name: "RDS Proxy",
    brief: 73,
    lines: ["proxy"],
    reason: ({ environment }) => `billed by the vCPUs of ${environment.database.instanceClass}`,
  },
  { name: "ALB", brief: 50, lines: ["load-balancer", "load-balancer-traffic"], reason: () => "$18 and capacity units" },
  { name: "NAT", brief: 150, lines: ["nat", "nat-data"], reason: () => "three gateways; images come by endpoints" },
  {
    name: "CloudWatch",
    brief: 200,
    lines: ["logs", "logs-stored", "insights", "alarms"],
    reason: () => "before the monitoring saving: Container Insights bills each metric of each pod",
  },
  { name: "ECR", brief: 30, lines: ["registry"], reason: () => "images expire; layers are shared" },
  { name: "Secrets Manager", brief: 20, lines: ["secrets"], reason: () => "IAM end to end: no secret per tenant" },
  {
    name: "RDS storage",
    brief: 0,
    lines: ["database-storage"],
    reason: ({ environment }) =>
      `left out: the brief's 2.5 TB need ${thousands(environment.database.allocatedStorageGib)} GiB`,
  },
  {
    name: "AWS Backup",
    brief: 0,
    lines: ["database-backups"],
    reason: () => "left out: daily and monthly snapshots of the database",
  },
  { name: "VPC endpoints", brief: 0, lines: ["endpoints"], reason: () => "left out: seven, in each zone" },
  {
    name: "EBS volumes",
    brief: 0,
    lines: ["node-volumes", "metrics-volumes"],
    reason: () => "left out: nodes' root volumes, Prometheus",
  },
  {
    name: "WAF",
    brief: 0,
    lines: ["web-acl", "web-acl-rules", "web-acl-requests"],
    reason: () => "left out: web ACL, rules, requests",
  },
  {
    name: "Data transfer",
    brief: 0,
    lines: ["egress", "cross-zone"],
    reason: () => "left out: answers to clients, traffic between zones",
  },
  {
    name: "Rate limit store",
    brief: 0,
    lines: ["rate-limit-store"],
    reason: () => "left out: exact limits need shared counters",
  },
  {
    name: "Other",
    brief: 0,
    lines: ["addresses", "objects", "keys", "dns"],
    reason: () => "left out: IPv4 addresses, S3, KMS, Route 53",
  },
];

/** The brief's savings, US dollars a month, and ours that answer each. Reservations count as bought, as the brief has them. */
const SAVINGS: readonly {
  readonly name: string;
  readonly brief: number;
  readonly ids: readonly SavingId[];
  readonly bought?: true;
  readonly reason: string;
}[] = [
  { name: "spot nodes", brief: 300, ids: ["spot", "spot-first"], reason: "the spot nodes of the standard pool" },
  {
    name: "reservations",
    brief: 400,
    ids: ["compute-commitment", "database-reservation"],
    bought: true,
    reason: "all on-demand nodes at rest, and the database",
  },
  {
    name: "nights and weekends",
    brief: 200,
    ids: ["scale-down", "working-hours"],
    reason: "tenants' floors, not their traffic, hold the nodes",
  },
  { name: "monitoring", brief: 50, ids: ["metrics", "logs", "traces"], reason: "metrics above all" },
  { name: "suspended tenants", brief: 0, ids: ["suspended"], reason: "left out: no pods, no nodes" },
];

/** The brief's table line by line, then the savings as negative lines. */
export function compareWithBrief(estimate: Estimate): readonly BriefLine[] {
  return [
    ...ROWS.map(({ name, brief, lines, reason }) => ({
      name,
      brief,
      ours: sum(estimate.lines.filter(({ id }) => lines.includes(id))),
      saving: false,
      reason: reason(estimate),
    })),
    ...SAVINGS.map(({ name, brief, ids, bought, reason }) => ({
      name: `Saving: ${name}`,
      // Never minus zero.
      brief: 0 - brief,
      ours: 0 - sum(estimate.savings.filter(({ id, inForce }) => ids.includes(id) && (inForce || bought))),
      saving: true,
      reason,
    })),
  ];
}

function sum(amounts: readonly { readonly usd: number }[]): number {
  return amounts.reduce((total, { usd }) => total + usd, 0);
}

function nodesReason({ fleet }: Estimate, pool: PoolUse["pool"], brief: string): string {
  const use = fleet.pools.find((one) => one.pool === pool);
  if (use === undefined) {
    return brief;
  }
  const { nodes, demand, maxNodes } = use;
  const tooMany = nodes > maxNodes ? `, of at most ${maxNodes} allowed` : "";
  return (
    `${nodes} nodes${tooMany}, for ${cores(demand.cpuMilli)} cores and ${gib(demand.memoryMi)} GiB of requests, ` +
    `DaemonSets beside; the brief: ${brief}`
  );
}

function thousands(value: number): string {
  return value.toLocaleString("en-US");
}

function cores(milli: number): string {
  return (milli / 1_000).toFixed(1);
}

function gib(mebibytes: number): string {
  return (mebibytes / 1_024).toFixed(0);
}

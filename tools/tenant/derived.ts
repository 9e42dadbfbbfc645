import { type Environment, RATE_CLASSES } from "../../config";
import {
  dashboardUid,
  databaseRole,
  databaseSchema,
  hostName,
  iamRoleName,
  namespaceName,
  peakDemand,
  resourceCount,
  shardStackName,
  type Tenant,
} from "../../tenancy";
import type { TenantCost } from "../cost/allocation";

/** Everything that follows from a tenant's row and from what the whole fleet costs, in the order of the printout. */
export function derived(tenant: Tenant, environment: Environment, cost: TenantCost | undefined) {
  const { id, tier } = tenant;
  return {
    id,
    name: tenant.name,
    tier: tier.name,
    state: tenant.state,
    ...(tenant.retainUntil === undefined ? {} : { retainUntil: tenant.retainUntil }),
    namespace: namespaceName(id),
    hosts: [hostName(id, environment.domain)],
    iamRole: iamRoleName(id),
    databaseRole: databaseRole(id),
    databaseSchema: databaseSchema(id),
    dashboard: dashboardUid(id),
    stack: shardStackName(tenant.shard),
    shard: tenant.shard,
    nodePool: tier.scheduling.nodePool,
    quota: tenant.quota,
    peakDemand: peakDemand(tenant).quota,
    replicas: tenant.replicas,
    rateClass: tenant.rateClass,
    requestsPerMinute: RATE_CLASSES[tenant.rateClass].requestsPerMinute,
    connectionLimit: tenant.connectionLimit,
    statementTimeoutMs: tier.statementTimeoutMs,
    releases: tenant.releases,
    ...(tenant.canary === undefined ? {} : { canary: tenant.canary }),
    ...(tenant.flagger.length === 0 ? {} : { flagger: tenant.flagger }),
    resources: resourceCount(tenant),
    priceUsd: tier.priceUsd,
    // A tombstone costs nothing.
    costUsd: cents(cost?.total ?? 0),
  };
}

export type Derived = ReturnType<typeof derived>;

/** The same for people: what it is, and its value, a line each. */
export function derivedLines(facts: Derived): readonly (readonly [string, string])[] {
  const { quota, peakDemand: peak, replicas, canary, flagger = [] } = facts;
  const amount = (figure: number, most: number, unit: string): string =>
    `${figure} ${unit} (own pods at their most: ${Number(most.toFixed(2))})`;
  return [
    ["name", facts.name],
    ["tier", facts.tier],
    ["state", facts.retainUntil === undefined ? facts.state : `${facts.state}, data kept until ${facts.retainUntil}`],
    ["namespace", facts.namespace],
    ...facts.hosts.map((host) => ["host", host] as const),
    ["IAM role", facts.iamRole],
    ["database role", facts.databaseRole],
    ["database schema", facts.databaseSchema],
    ["dashboard", `/d/${facts.dashboard}`],
    ["stack", `${facts.stack} (shard ${facts.shard})`],
    ["node pool", facts.nodePool],
    ["CPU requests", amount(quota.requestsCpu, peak.requestsCpu, "cores")],
    ["CPU limits", amount(quota.limitsCpu, peak.limitsCpu, "cores")],
    ["memory requests", amount(quota.requestsMemoryGi, peak.requestsMemoryGi, "GiB")],
    ["memory limits", amount(quota.limitsMemoryGi, peak.limitsMemoryGi, "GiB")],
    ["pods", amount(quota.pods, peak.pods, "pods")],
    ["replicas", replicas.min === replicas.max ? `${replicas.min}` : `${replicas.min} to ${replicas.max} a service`],
    ["rate class", `${facts.rateClass}: ${facts.requestsPerMinute} requests a minute`],
    ["database", `${facts.connectionLimit} connections, ${facts.statementTimeoutMs / 1_000} s a statement`],
    ...Object.entries(facts.releases).map(([service, release]) => ["release", `${service}:${release}`] as const),
    ...(canary === undefined
      ? []
      : [["canary", `${canary.release}, ${canary.weight} % of requests and all with x-canary: true`] as const]),
    ...flagger.map((service) => ["Flagger", service] as const),
    ["resources", `${facts.resources} of Terraform`],
    ["price", `$${facts.priceUsd} a month`],
    ["cost", `$${facts.costUsd.toFixed(2)} a month, its share of the whole fleet's`],
  ];
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}

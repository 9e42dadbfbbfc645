import { NAMESPACE_PREFIX } from "../../../tenancy";
import { RECORDED } from "./recorded";
import type { Alert, Severity } from "./rule";

/** Share of its quota at which a tenant needs a larger one (brief). */
export const QUOTA_SHARE = 0.8;

/** Share of its requests that a tenant loses to its rate limit before its owner is told. */
const THROTTLED_SHARE = 0.05;

/** Throttled requests within five minutes below which nobody is told: a script's retries. */
const MINIMUM_THROTTLED = 10;

/** Share of its role's connections that a tenant has at work before they run out. */
const CONNECTIONS_SHARE = 0.9;

/** Who can do something about a tenant's limits: the platform gives another, the owner talks to the customer. */
const TEAM_AND_OWNER: readonly Severity[] = ["ticket", "owner"];

/** What one tenant runs out of. Nobody is woken: the limits are there so that the others notice nothing. */
export function tenantAlerts(): readonly Alert[] {
  return [throttled(), ...quota(), atMaxReplicas(), ...databaseConnections(), databaseExporter()];
}

function throttled(): Alert {
  const { tenantThrottled, tenantRequests } = RECORDED;
  return {
    name: "TenantThrottled",
    severity: "owner",
    expr: `${tenantThrottled} / ${tenantRequests["5m"]} > ${THROTTLED_SHARE} and ${tenantThrottled} * 300 >= ${MINIMUM_THROTTLED}`,
    for: "15m",
    summary: "Tenant {{ $labels.tenant }} is held to its rate limit",
    description:
      "{{ $value | humanizePercentage }} of its requests are refused with 429. Its clients send more than tier {{ $labels.tier }} allows.",
    runbook: "throttling",
    dashboard: "tenant",
  };
}

function quota(): Alert[] {
  return TEAM_AND_OWNER.map((severity) => ({
    name: "TenantQuotaNearlyUsed",
    severity,
    expr: `${RECORDED.tenantQuota} > ${QUOTA_SHARE}`,
    // A rollout needs a pod more for some minutes.
    for: "15m",
    summary: "Tenant {{ $labels.tenant }} has used most of its quota",
    description:
      "{{ $value | humanizePercentage }} of {{ $labels.resource }} are in use. When all are, pods cannot start, those of a rollout included.",
    runbook: "quota",
    dashboard: "tenant",
  }));
}

function atMaxReplicas(): Alert {
  const of = (metric: string): string => `kube_horizontalpodautoscaler_${metric}{namespace=~"${NAMESPACE_PREFIX}.+"}`;
  const atMax = `${of("status_current_replicas")} >= (${of("spec_max_replicas")} > ${of("spec_min_replicas")})`;
  return {
    name: "TenantAtMaxReplicas",
    severity: "ticket",
    expr: `max by (tenant, tier, alerts, horizontalpodautoscaler) ((${atMax}) * on (namespace) group_left (tenant, tier, alerts) ${RECORDED.tenantInfo})`,
    for: "1h",
    summary: "Tenant {{ $labels.tenant }} needs more replicas than it may have",
    description:
      "{{ $labels.horizontalpodautoscaler }} has run {{ $value }} replicas, its maximum, for an hour: more load will make it slow.",
    runbook: "scaling",
    dashboard: "tenant",
  };
}

function databaseConnections(): Alert[] {
  return TEAM_AND_OWNER.map((severity) => ({
    name: "TenantDatabaseConnectionsNearlyUsed",
    severity,
    expr: `${RECORDED.tenantDatabaseConnections} >= ${CONNECTIONS_SHARE}`,
    for: "10m",
    summary: "Tenant {{ $labels.tenant }} has most of its database connections at work",
    description:
      "{{ $value | humanizePercentage }} of the connections that its role may open are in use; its requests wait for one, then fail.",
    runbook: "database-connections",
    dashboard: "tenant",
  }));
}

function databaseExporter(): Alert {
  return {
    name: "DatabaseExporterDown",
    severity: "ticket",
    // Without tenants there is nothing to export.
    expr: `absent(sql_tenant_connection_limit) and on () count(${RECORDED.tenantInfo}) > 0`,
    for: "15m",
    summary: "Nothing is known of tenants' database connections",
    description: "The database exporter gives no figures: a tenant that runs out of connections goes unnoticed.",
    runbook: "database-connections",
    dashboard: "database",
    onlyWhere: "serving",
  };
}

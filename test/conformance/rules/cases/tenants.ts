import type { TierName } from "../../../../config";
import { namespaceName } from "../../../../tenancy";
import type { Case, Firing } from "../case";
import type { Series } from "../promtool";
import { always, requests, rising, series, tenant, until } from "../series";

/** The same alert to the team's queue and to the tenant's owner. */
const teamAndOwner = (firing: Firing): readonly Firing[] =>
  ["ticket", "owner"].map((severity) => ({ ...firing, labels: { ...firing.labels, severity } }));

export function tenantCases(): readonly Case[] {
  return [...throttledCases(), ...quotaCases(), ...replicaCases(), ...databaseCases()];
}

function throttledCases(): Case[] {
  const alert = "TenantThrottled";
  const throttled = (perMinute: number): Series[] => [
    tenant("acme", "standard"),
    requests("acme", "200", rising(1_200)),
    requests("acme", "429", rising(perMinute), "RL"),
  ];
  return [
    {
      alert,
      says: "tells the owner of a tenant that loses a fifth of its requests",
      given: throttled(300),
      minutes: 30,
      fires: [
        {
          labels: { tenant: "acme", tier: "standard", alerts: "ticket", severity: "owner" },
          summary: "Tenant acme is held to its rate limit",
          description: "20% of its requests are refused with 429. Its clients send more than tier standard allows.",
          dashboard: "/d/tenant-acme",
        },
      ],
    },
    { alert, says: "is silent about the odd burst", given: throttled(20), minutes: 30, fires: [] },
    {
      alert,
      says: "is silent about a tenant's own 429",
      given: [tenant("acme", "standard"), requests("acme", "429", rising(300), "-")],
      minutes: 30,
      fires: [],
    },
    {
      alert,
      says: "is silent about a script that tries again once a minute",
      given: [tenant("acme", "starter"), requests("acme", "429", rising(1), "RL")],
      minutes: 30,
      fires: [],
    },
  ];
}

function quotaOf(id: string, resource: string, hard: number, used: string): readonly Series[] {
  const labels = { namespace: namespaceName(id), resourcequota: "tenant", resource };
  return [
    series("kube_resourcequota", { ...labels, type: "hard" }, always(hard)),
    series("kube_resourcequota", { ...labels, type: "used" }, used),
  ];
}

function quotaCases(): Case[] {
  const alert = "TenantQuotaNearlyUsed";
  return [
    {
      alert,
      says: "tells the team and the owner, and names the resource",
      given: [
        tenant("acme", "standard"),
        ...quotaOf("acme", "limits.memory", 8, always(7)),
        ...quotaOf("acme", "requests.cpu", 2, always(1)),
      ],
      minutes: 30,
      fires: teamAndOwner({
        labels: { tenant: "acme", tier: "standard", alerts: "ticket", resource: "limits.memory" },
        summary: "Tenant acme has used most of its quota",
        description: "87.5% of limits.memory are in use. When all are, pods cannot start, those of a rollout included.",
        dashboard: "/d/tenant-acme",
      }),
    },
    {
      alert,
      says: "finds the dashboard of a tenant whose id is too long for a uid by its title",
      given: [
        tenant("an-id-of-more-than-thirty-three-letters", "starter"),
        ...quotaOf("an-id-of-more-than-thirty-three-letters", "pods", 10, always(10)),
      ],
      minutes: 30,
      fires: teamAndOwner({
        labels: {
          tenant: "an-id-of-more-than-thirty-three-letters",
          tier: "starter",
          alerts: "ticket",
          resource: "pods",
        },
        summary: "Tenant an-id-of-more-than-thirty-three-letters has used most of its quota",
        description: "100% of pods are in use. When all are, pods cannot start, those of a rollout included.",
        dashboard: "/dashboards?query=an-id-of-more-than-thirty-three-letters",
      }),
    },
    {
      alert,
      says: "is silent about a rollout's extra pods",
      given: [tenant("acme", "standard"), ...quotaOf("acme", "pods", 10, `5+0x10 9+0x9 5+0x100`)],
      minutes: 40,
      fires: [],
    },
    {
      alert,
      says: "is silent about counted objects of which a tenant has all that it may",
      given: [
        tenant("acme", "standard"),
        ...quotaOf("acme", "resourcequotas", 1, always(1)),
        ...quotaOf("acme", "services.loadbalancers", 0, always(0)),
      ],
      minutes: 30,
      fires: [],
    },
  ];
}

function autoscaler(id: string, tier: TierName, min: number, max: number, current: string): readonly Series[] {
  const labels = { namespace: namespaceName(id), horizontalpodautoscaler: "task-service" };
  return [
    tenant(id, tier),
    series("kube_horizontalpodautoscaler_spec_min_replicas", labels, always(min)),
    series("kube_horizontalpodautoscaler_spec_max_replicas", labels, always(max)),
    series("kube_horizontalpodautoscaler_status_current_replicas", labels, current),
  ];
}

function replicaCases(): Case[] {
  const alert = "TenantAtMaxReplicas";
  return [
    {
      alert,
      says: "makes a ticket after an hour",
      given: autoscaler("acme", "enterprise", 3, 6, always(6)),
      minutes: 70,
      fires: [
        {
          labels: {
            tenant: "acme",
            tier: "enterprise",
            alerts: "page",
            horizontalpodautoscaler: "task-service",
            severity: "ticket",
          },
          summary: "Tenant acme needs more replicas than it may have",
          description: "task-service has run 6 replicas, its maximum, for an hour: more load will make it slow.",
          dashboard: "/d/tenant-acme",
        },
      ],
    },
    {
      alert,
      says: "is silent about a busy half hour",
      given: autoscaler("acme", "enterprise", 3, 6, until(60, 3, 6)),
      minutes: 90,
      fires: [],
    },
    {
      alert,
      says: "is silent where the maximum is the minimum",
      given: autoscaler("acme", "starter", 1, 1, always(1)),
      minutes: 70,
      fires: [],
    },
  ];
}

function connections(id: string, limit: number, states: Readonly<Record<string, number>>): readonly Series[] {
  return [
    tenant(id, "starter"),
    series("sql_tenant_connection_limit", { tenant: id }, always(limit)),
    ...Object.entries(states).map(([state, count]) =>
      series("sql_tenant_connections", { tenant: id, state }, always(count)),
    ),
  ];
}

function databaseCases(): Case[] {
  const used = "TenantDatabaseConnectionsNearlyUsed";
  const down = "DatabaseExporterDown";
  return [
    {
      alert: used,
      says: "tells the team and the owner",
      given: connections("acme", 3, { active: 2, idle_in_transaction: 1, idle: 0 }),
      minutes: 20,
      fires: teamAndOwner({
        labels: { tenant: "acme", tier: "starter", alerts: "ticket" },
        summary: "Tenant acme has most of its database connections at work",
        description: "100% of the connections that its role may open are in use; its requests wait for one, then fail.",
        dashboard: "/d/tenant-acme",
      }),
    },
    {
      alert: used,
      says: "is silent about connections that wait in the proxy's pool",
      given: connections("acme", 3, { active: 0, idle: 3 }),
      minutes: 20,
      fires: [],
    },
    {
      alert: down,
      says: "makes a ticket where there are tenants and no figures",
      given: [tenant("acme", "starter")],
      minutes: 30,
      fires: [
        {
          labels: { severity: "ticket" },
          summary: "Nothing is known of tenants' database connections",
          description: "The database exporter gives no figures: a tenant that runs out of connections goes unnoticed.",
          dashboard: "/d/database",
        },
      ],
    },
    { alert: down, says: "is silent before the first tenant", given: [], minutes: 30, fires: [] },
    { alert: down, says: "is silent while it answers", given: connections("acme", 3, {}), minutes: 30, fires: [] },
  ];
}

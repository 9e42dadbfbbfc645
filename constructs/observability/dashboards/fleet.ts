import { type Environment } from "../../../config";
import { connectionPool, NAMESPACE_PREFIX } from "../../../tenancy";
import { RECORDED } from "../rules";
import { BURN_BOUNDS, ERROR_BOUNDS, LATENCY_BOUNDS, USE_BOUNDS } from "./bounds";
import { dashboardJson, type Section } from "./dashboard";
import { LEGENDS } from "./legends";
import { kialiLink, PLATFORM_TAG } from "./links";
import { figure, graph, ranking } from "./panels";
import { highest, rate, share, sumOrZero, worstOfTenant } from "./promql";
import { now, overTime } from "./sources";
import { tenantTable } from "./tenant-table";

/** All tenants at once: how each tier does, who is worst off, and how much room is left. */
export function fleetDashboard(environment: Environment): string {
  return dashboardJson({
    uid: "fleet",
    title: "Fleet",
    description: "How the tiers do, which tenants are worst off, and how much room is left.",
    tags: [PLATFORM_TAG],
    links: [kialiLink()],
    sections: [present(), tiers(), worstTenants(), headroom(environment)],
  });
}

function present(): Section {
  const firing = (severity: string): string => sumOrZero(`ALERTS{alertstate='firing',severity='${severity}'}`);
  return {
    id: 101,
    title: "Now",
    lines: [
      {
        height: 4,
        panels: [
          figure({
            id: 1,
            title: "Tenants",
            question: "How many tenants are there, by state?",
            unit: "short",
            source: now({ "{{state}}": `count by(state)(${RECORDED.tenantInfo})` }),
          }),
          figure({
            id: 2,
            title: "Alerts",
            question: "Is somebody being paged, does somebody have to act?",
            unit: "short",
            bounds: { critical: 1 },
            source: now({ pages: firing("page"), tickets: firing("ticket") }),
          }),
          figure({
            id: 3,
            title: "Requests",
            question: "How much is asked of the platform?",
            unit: "reqps",
            source: now({ requests: `sum(${RECORDED.tierRequests["5m"]})` }),
          }),
          figure({
            id: 4,
            title: "Pods that wait",
            question: "Is there a pod that no node has room for?",
            unit: "short",
            bounds: { critical: 1 },
            source: now({ pending: sumOrZero("kube_pod_status_phase{phase='Pending'}") }),
          }),
        ],
      },
    ],
  };
}

function tiers(): Section {
  const { tierErrors, tierRequests, tierSlow } = RECORDED;
  return {
    id: 102,
    title: "Tiers",
    lines: [
      {
        panels: [
          graph({
            id: 5,
            title: "Requests by tier",
            question: "Which tier does the traffic come from?",
            unit: "reqps",
            stacked: true,
            source: overTime({ [LEGENDS.tier]: tierRequests["5m"] }),
          }),
          graph({
            id: 6,
            title: "Server errors by tier",
            question: "Which share of a tier's requests fails?",
            unit: "percentunit",
            bounds: ERROR_BOUNDS,
            source: overTime({ [LEGENDS.tier]: share(tierErrors["5m"], tierRequests["5m"]) }),
          }),
          graph({
            id: 7,
            title: "P99 latency by tier",
            question: "Does a tier keep its 500 ms?",
            unit: "ms",
            bounds: LATENCY_BOUNDS,
            source: overTime({ [LEGENDS.tier]: RECORDED.tierLatencyP99 }),
          }),
        ],
      },
      {
        panels: [
          graph({
            id: 8,
            title: "Error budget burn by tier, an hour",
            question: "How many times too fast are errors spent?",
            unit: "short",
            bounds: BURN_BOUNDS,
            source: overTime({
              [LEGENDS.tier]: `${share(tierErrors["1h"], tierRequests["1h"])} / on(tier) ${RECORDED.tierErrorBudget}`,
            }),
          }),
          graph({
            id: 9,
            title: "Latency budget burn by tier, an hour",
            question: "How many times too fast are slow requests spent?",
            unit: "short",
            bounds: BURN_BOUNDS,
            source: overTime({
              [LEGENDS.tier]: `${share(tierSlow["1h"], tierRequests["1h"])} / on(tier) ${RECORDED.tierSlowBudget}`,
            }),
          }),
          graph({
            id: 10,
            title: "CPU used of CPU requested, by tier",
            question: "Do tenants use what is kept free for them?",
            unit: "percentunit",
            source: overTime({
              [LEGENDS.tier]: `sum by(tier)(${RECORDED.tenantCpuUsed}) / sum by(tier)(${RECORDED.tenantCpuRequested})`,
            }),
          }),
        ],
      },
    ],
  };
}

function worstTenants(): Section {
  const { tenantDatabaseConnections, tenantErrors, tenantLatency, tenantQuota, tenantRequests, tenantThrottled } =
    RECORDED;
  const errors = share(tenantErrors["1h"], tenantRequests["1h"]);
  const throttled = `60 * ${tenantThrottled}`;
  return {
    id: 103,
    title: "Worst tenants",
    lines: [
      {
        panels: [
          ranking({
            id: 11,
            title: "P99 latency",
            question: "Whose clients wait longest? A quiet tenant's P99 is its slowest request of five minutes.",
            unit: "ms",
            bounds: LATENCY_BOUNDS,
            source: now({ [LEGENDS.tenant]: highest(tenantLatency.p99) }),
          }),
          ranking({
            id: 12,
            title: "Server errors in an hour",
            question: "Whose requests fail most?",
            unit: "percentunit",
            bounds: ERROR_BOUNDS,
            source: now({ [LEGENDS.tenant]: highest(errors) }),
          }),
          ranking({
            id: 13,
            title: "Throttled requests a minute",
            question: "Who has outgrown its rate class?",
            unit: "reqpm",
            source: now({ [LEGENDS.tenant]: highest(throttled) }),
          }),
        ],
      },
      {
        panels: [
          ranking({
            id: 14,
            title: "Quota used",
            question: "Who has outgrown its quota, in whichever resource?",
            unit: "percentunit",
            bounds: USE_BOUNDS,
            source: now({ [LEGENDS.tenant]: highest(worstOfTenant(tenantQuota)) }),
          }),
          ranking({
            id: 15,
            title: "Database connections used",
            question: "Whose role runs out of connections?",
            unit: "percentunit",
            bounds: USE_BOUNDS,
            source: now({ [LEGENDS.tenant]: highest(tenantDatabaseConnections) }),
          }),
          ranking({
            id: 16,
            title: "Gateway pool used",
            question: "To whose services do gateways run out of connections?",
            unit: "percentunit",
            bounds: USE_BOUNDS,
            source: now({ [LEGENDS.tenant]: highest(worstOfTenant(RECORDED.poolConnections)) }),
          }),
        ],
      },
      {
        height: 12,
        panels: [
          tenantTable({
            id: 17,
            title: "All tenants",
            question: "How does a certain tenant do? Filter by its name.",
            columns: [
              { title: "P99", unit: "ms", query: worstOfTenant(tenantLatency.p99) },
              { title: "Requests a minute", unit: "reqpm", query: worstOfTenant(`60 * ${tenantRequests["5m"]}`) },
              { title: "Errors in an hour", unit: "percentunit", query: worstOfTenant(errors) },
              { title: "Throttled a minute", unit: "reqpm", query: worstOfTenant(throttled) },
              { title: "Quota used", unit: "percentunit", query: worstOfTenant(tenantQuota) },
              { title: "Database connections", unit: "percentunit", query: worstOfTenant(tenantDatabaseConnections) },
            ],
          }),
        ],
      },
    ],
  };
}

function headroom(environment: Environment): Section {
  const { backends } = connectionPool(environment.database.instanceClass);
  return {
    id: 104,
    title: "Headroom",
    lines: [
      {
        panels: [
          graph({
            id: 18,
            title: "CPU of the nodes, in cores",
            question: "How much may still be requested before nodes are added?",
            unit: "short",
            limit: LEGENDS.limit,
            source: overTime({
              requested: requested("cpu", RECORDED.tenantCpuRequested),
              used: `sum(${rate("node_cpu_seconds_total", "mode!='idle'")})`,
              [LEGENDS.limit]: allocatable("cpu"),
            }),
          }),
          graph({
            id: 19,
            title: "Memory of the nodes",
            question: "How much may still be requested before nodes are added?",
            unit: "bytes",
            limit: LEGENDS.limit,
            source: overTime({
              requested: requested("memory", RECORDED.tenantMemoryRequested),
              used: "sum(node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes)",
              [LEGENDS.limit]: allocatable("memory"),
            }),
          }),
          graph({
            id: 20,
            title: "Pods",
            question: "How many more do the nodes' addresses allow?",
            unit: "short",
            limit: LEGENDS.limit,
            source: overTime({
              running: "sum(kube_pod_status_phase{phase='Running'})",
              [LEGENDS.limit]: allocatable("pods"),
            }),
          }),
          graph({
            id: 21,
            title: "Database connections",
            question: "How many more does the proxy's pool allow?",
            unit: "short",
            limit: LEGENDS.limit,
            source: overTime({ tenants: "sum(sql_tenant_connections)", [LEGENDS.limit]: `vector(${backends})` }),
          }),
        ],
      },
    ],
  };
}

const allocatable = (resource: string): string => `sum(kube_node_status_allocatable{resource='${resource}'})`;

/** What all pods request: tenants' as recorded, those of the platform, sidecars (native ones are init containers). */
function requested(resource: string, ofTenants: string): string {
  const platform = `{resource='${resource}',node!='',namespace!~'${NAMESPACE_PREFIX}.+'`;
  return [
    `sum(${ofTenants})`,
    `sum(kube_pod_container_resource_requests${platform}})`,
    sumOrZero(`kube_pod_init_container_resource_requests${platform},container='istio-proxy'}`),
  ].join(" + ");
}

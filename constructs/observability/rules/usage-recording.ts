import { NAMESPACES, TIERS } from "../../../config";
import { NAMESPACE_PREFIX } from "../../../tenancy";
import { byTier } from "./objectives";
import { RECORDED } from "./recorded";
import type { RecordingRule, RuleGroup } from "./rule";

const TENANT = "tenant, tier, alerts";
const INFO = RECORDED.tenantInfo;

/** Quota of what a tenant computes with. Of the counted objects some, such as its one ResourceQuota, are always all used. */
const QUOTA_RESOURCES = "(requests|limits).(cpu|memory)|pods";

/** What tenants use of what they may: quota, nodes, the gateways' pools, the database. */
export function usageRecording(): readonly RuleGroup[] {
  return [
    { name: "tenant-usage", rules: [quota(), ...compute()] },
    { name: "gateway-pools", rules: [gatewayErrors(), upstreamLatency(), poolLimit(), ...pools()] },
    { name: "tenant-database", rules: [databaseConnections()] },
  ];
}

/** Gives a vector by namespace the labels of the namespace's tenant. */
const ofTenant = (vector: string, labels: string): string =>
  `sum by (${labels}) (${vector} * on (namespace) group_left (${TENANT}) ${INFO})`;

function quota(): RecordingRule {
  const of = (type: string): string =>
    `sum by (namespace, resource) (kube_resourcequota{namespace=~"${NAMESPACE_PREFIX}.+",type="${type}",resource=~"${QUOTA_RESOURCES}"})`;
  return {
    record: RECORDED.tenantQuota,
    expr: ofTenant(`${of("used")} / (${of("hard")} > 0)`, `${TENANT}, resource`),
  };
}

/**
 * What is requested is what the quota counts: that holds sidecars, which run as init containers and which the sums over
 * containers leave out.
 */
function compute(): RecordingRule[] {
  const requested = (resource: string): string =>
    ofTenant(
      `sum by (namespace) (kube_resourcequota{namespace=~"${NAMESPACE_PREFIX}.+",type="used",resource="${resource}"})`,
      "tenant, tier",
    );
  const container = `{namespace=~"${NAMESPACE_PREFIX}.+",container!=""}`;
  const used = (vector: string): string => ofTenant(`sum by (namespace) (${vector})`, "tenant, tier");
  return [
    { record: RECORDED.tenantCpuRequested, expr: requested("requests.cpu") },
    { record: RECORDED.tenantMemoryRequested, expr: requested("requests.memory") },
    { record: RECORDED.tenantCpuUsed, expr: used(`rate(container_cpu_usage_seconds_total${container}[5m])`) },
    { record: RECORDED.tenantMemoryUsed, expr: used(`container_memory_working_set_bytes${container}`) },
  ];
}

/** Zero of flag `-` where nothing fails. Over the raw series of 15 gateways a graph of six hours takes seconds. */
function gatewayErrors(): RecordingRule {
  const matchers = `namespace="${NAMESPACES.istioIngress}",reporter="source",response_code=~"5.."`;
  return {
    record: RECORDED.gatewayErrors,
    expr: `sum by (response_flags) (rate(istio_requests_total{${matchers}}[5m])) or label_replace(vector(0), "response_flags", "-", "", "")`,
  };
}

/** How long tenants' pods take to answer the gateway: the rest of what a client waits is spent at the gateway. */
function upstreamLatency(): RecordingRule {
  const matchers = `reporter="destination",tenant!="",source_workload_namespace="${NAMESPACES.istioIngress}"`;
  return {
    record: RECORDED.upstreamLatencyP99,
    expr: `histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${matchers}}[5m]))) >= 0`,
  };
}

const poolLimit = (): RecordingRule => ({
  record: RECORDED.poolLimit,
  expr: byTier((tier) => TIERS[tier].connectionPool.maxConnections),
});

/** A pool is each gateway pod's own, so the worst pod counts; requests that found none are lost wherever it happened. */
function pools(): RecordingRule[] {
  const statistic = (name: string): string =>
    `envoy_cluster_upstream_${name}{namespace="${NAMESPACES.istioIngress}",cluster_name=~"outbound.+[.]${NAMESPACE_PREFIX}.+"}`;
  const worst = (name: string): string => byPool("max", `max by (cluster_name) (${statistic(name)})`);
  const info = `max by (tenant, tier) (${INFO})`;
  const overflows = ["cx_overflow", "rq_pending_overflow"]
    .map((name) => `sum by (cluster_name) (rate(${statistic(name)}[5m]))`)
    .join(" + ");
  return [
    {
      record: RECORDED.poolConnections,
      expr: `${worst("cx_active")} * on (tenant) group_left (tier) ${info} / on (tier) group_left () ${RECORDED.poolLimit}`,
    },
    { record: RECORDED.poolPending, expr: worst("rq_pending_active") },
    { record: RECORDED.upstreamConnections, expr: `sum by (pod) (${statistic("cx_active")})` },
    { record: RECORDED.poolOverflow, expr: byPool("sum", `(${overflows})`) },
  ];
}

/** Tenant and service are in the cluster's name: `outbound|8080|v1|task-service.tenant-acme.svc.cluster.local`. */
function byPool(operator: "max" | "sum", vector: string): string {
  const name = `outbound[|][0-9]+[|][^|]*[|]([^.]+)[.]${NAMESPACE_PREFIX}([^.]+)[.].+`;
  const service = `label_replace(${vector}, "service", "$1", "cluster_name", "${name}")`;
  return `${operator} by (tenant, service) (label_replace(${service}, "tenant", "$2", "cluster_name", "${name}"))`;
}

/**
 * Connections at work. Idle ones stay open in the proxy's pool, for the next client of the same tenant, and would have a
 * tenant of three connections always at its limit.
 */
function databaseConnections(): RecordingRule {
  const limit = "max by (tenant) (sql_tenant_connection_limit > 0)";
  const working = 'sum by (tenant) (sql_tenant_connections{state!="idle"})';
  return {
    record: RECORDED.tenantDatabaseConnections,
    expr: `(${working} or 0 * ${limit}) / ${limit} * on (tenant) group_left (tier, alerts) max by (${TENANT}) (${INFO})`,
  };
}

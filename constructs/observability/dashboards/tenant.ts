import { type Quota } from "../../../config";
import { dashboardUid } from "../../../tenancy";
import { RECORDED } from "../rules";
import { BUDGET_BOUNDS, LATENCY_BOUNDS, USE_BOUNDS } from "./bounds";
import { dashboardJson, type Section } from "./dashboard";
import { LEGENDS } from "./legends";
import { jaegerLink, kialiLink, TENANT_TAG } from "./links";
import { graph } from "./panels";
import { AT_GATEWAY, rate, share, sumByService } from "./promql";
import { overTime } from "./sources";

/** What a tenant's dashboard is made from. */
export interface DashboardTenant {
  readonly id: string;
  readonly name: string;
  /** The tenant's namespace. */
  readonly namespace: string;
  readonly tierName: string;
  readonly rateClass: string;
  /** The rate class's limit. */
  readonly requestsPerMinute: number;
  readonly quota: Quota;
}

/**
 * One tenant's dashboard: what its clients see, measured at the gateway alone (a tenant's own calls would count twice), and
 * what its namespace and its database role use of what they may. The same panels for every tenant, each with the same id.
 */
export function tenantDashboard(tenant: DashboardTenant): string {
  const values = valuesOf(tenant);
  return MODEL.map((part, index) => (index % 2 === 0 ? part : values[part as Blank])).join("");
}

/** What differs between two tenants' dashboards, as it stands inside a JSON string. */
function valuesOf({ id, name, namespace, tierName, rateClass, requestsPerMinute, quota }: DashboardTenant) {
  return {
    id,
    uid: dashboardUid(id),
    name: JSON.stringify(name).slice(1, -1),
    namespace,
    tier: tierName,
    rateClass,
    requestsPerMinute: String(requestsPerMinute),
    quota:
      `${quota.requestsCpu} CPU and ${quota.requestsMemoryGi} GiB guaranteed, ` +
      `${quota.limitsCpu} CPU and ${quota.limitsMemoryGi} GiB at most, ${quota.pods} pods`,
  };
}

type Blank = keyof ReturnType<typeof valuesOf>;

/** Marks where a tenant's own value goes; nothing else in the model has an @. */
const blank = (name: Blank): string => `@${name}@`;

const TENANT = `{tenant='${blank("id")}'}`;
const NAMESPACE = `namespace='${blank("namespace")}'`;

const SECTIONS: readonly Section[] = [
  {
    id: 101,
    title: "What clients see",
    lines: [{ panels: [requests(), latency(), errors()] }, { panels: [throttled(), errorBudget(), pool()] }],
  },
  {
    id: 102,
    title: "What the namespace uses",
    lines: [{ panels: [quota(), cpu(), memory()] }, { panels: [replicas(), restarts()] }],
  },
  { id: 103, title: "Database", lines: [{ panels: [connections(), schemaSize()] }] },
];

/** The model, split at its blanks: text and names of blanks in turn. */
const MODEL = dashboardJson({
  uid: blank("uid"),
  title: `${blank("name")} (${blank("id")})`,
  description: `Tier ${blank("tier")}: ${blank("quota")}. Rate class ${blank("rateClass")}: ${blank("requestsPerMinute")} requests a minute.`,
  tags: [TENANT_TAG, blank("tier")],
  links: [kialiLink(blank("namespace")), jaegerLink(blank("namespace"))],
  sections: SECTIONS,
}).split(/@(\w+)@/);

function requests() {
  const total = rate("istio_requests_total", `${AT_GATEWAY},destination_service_namespace='${blank("namespace")}'`);
  return graph({
    id: 1,
    title: "Requests a minute",
    question: "How much is asked, how is it answered, how near is the rate limit?",
    unit: "reqpm",
    stacked: true,
    limit: LEGENDS.limit,
    source: overTime({
      "{{class}}xx": `60 * sum by(class)(label_replace(${total},'class','$1','response_code','(.).*'))`,
      [LEGENDS.limit]: `vector(${blank("requestsPerMinute")})`,
    }),
  });
}

function latency() {
  const { p50, p95, p99 } = RECORDED.tenantLatency;
  return graph({
    id: 2,
    title: "Latency",
    question: "How long do clients wait for an answer?",
    unit: "ms",
    bounds: LATENCY_BOUNDS,
    source: overTime({ P50: p50 + TENANT, P95: p95 + TENANT, P99: p99 + TENANT }),
  });
}

function errors() {
  return graph({
    id: 3,
    title: "Server errors",
    question: "Which share of the requests fails, and which may?",
    unit: "percentunit",
    limit: LEGENDS.limit,
    source: overTime({
      "5xx": share(RECORDED.tenantErrors["5m"] + TENANT, RECORDED.tenantRequests["5m"] + TENANT),
      [LEGENDS.limit]: `${RECORDED.tierErrorBudget}{tier='${blank("tier")}'}`,
    }),
  });
}

function throttled() {
  return graph({
    id: 4,
    title: "Throttled requests a minute",
    question: "Does the rate limit turn clients away?",
    unit: "reqpm",
    source: overTime({ "429": `60 * ${RECORDED.tenantThrottled}${TENANT}` }),
  });
}

function errorBudget() {
  const left = (bad: string, budget: string): string =>
    `1 - ${share(bad + TENANT, RECORDED.tenantRequests["3d"] + TENANT)} / on(tier) group_left() ${budget}`;
  return graph({
    id: 10,
    title: "Error budget left, of three days",
    question: "May the tenant be risked, or has it seen enough errors?",
    unit: "percentunit",
    bounds: BUDGET_BOUNDS,
    signed: true,
    source: overTime({
      errors: left(RECORDED.tenantErrors["3d"], RECORDED.tierErrorBudget),
      slow: left(RECORDED.tenantSlow["3d"], RECORDED.tierSlowBudget),
    }),
  });
}

function pool() {
  return graph({
    id: 11,
    title: "Gateway pool used",
    question: "Does the fullest gateway run out of connections to a service?",
    unit: "percentunit",
    bounds: USE_BOUNDS,
    source: overTime({ "{{service}}": RECORDED.poolConnections + TENANT }),
  });
}

function quota() {
  return graph({
    id: 5,
    title: "Quota used",
    question: "Does the tenant need a larger quota or tier?",
    unit: "percentunit",
    bounds: USE_BOUNDS,
    source: overTime({ "{{resource}}": RECORDED.tenantQuota + TENANT }),
  });
}

/** What the quota guarantees of a resource. */
function guaranteed(resource: "cpu" | "memory"): string {
  return `kube_resourcequota{${NAMESPACE},type='hard',resource='requests.${resource}'}`;
}

function cpu() {
  return graph({
    id: 7,
    title: "CPU by service, in cores",
    question: "Which service works, and how near to what is guaranteed?",
    unit: "short",
    stacked: true,
    limit: LEGENDS.limit,
    source: overTime({
      "{{service}}": sumByService(rate("container_cpu_usage_seconds_total", `${NAMESPACE},container!=''`)),
      [LEGENDS.limit]: guaranteed("cpu"),
    }),
  });
}

function memory() {
  return graph({
    id: 8,
    title: "Memory by service",
    question: "Which service grows, and how near to what is guaranteed?",
    unit: "bytes",
    stacked: true,
    limit: LEGENDS.limit,
    source: overTime({
      "{{service}}": sumByService(`container_memory_working_set_bytes{${NAMESPACE},container!=''}`),
      [LEGENDS.limit]: guaranteed("memory"),
    }),
  });
}

function replicas() {
  const spec = `kube_deployment_spec_replicas{${NAMESPACE}}`;
  const max = `kube_horizontalpodautoscaler_spec_max_replicas{${NAMESPACE}}`;
  return graph({
    id: 9,
    title: "Replicas",
    question: "Is every service there, and can its autoscaler still add pods?",
    unit: "short",
    source: overTime({
      "{{deployment}}": `kube_deployment_status_replicas_available{${NAMESPACE}}`,
      // A service without an autoscaler has all the replicas that it can have.
      "{{deployment}} max": `label_replace(${max},'deployment','$1','horizontalpodautoscaler','(.+)') or on(deployment) ${spec}`,
    }),
  });
}

function restarts() {
  const increase = (metric: string): string => `sum by(container)(increase(${metric}{${NAMESPACE}}[1h]))`;
  return graph({
    id: 6,
    title: "Restarts in an hour",
    question: "Does a container crash, or its sidecar?",
    unit: "short",
    source: overTime({
      "{{container}}": increase("kube_pod_container_status_restarts_total"),
      // Native sidecars are init containers.
      "{{container}} (init)": increase("kube_pod_init_container_status_restarts_total"),
    }),
  });
}

function connections() {
  return graph({
    id: 12,
    title: "Database connections",
    question: "Does the tenant's role run out of connections?",
    unit: "short",
    stacked: true,
    limit: LEGENDS.limit,
    source: overTime({
      "{{state}}": `sql_tenant_connections${TENANT}`,
      [LEGENDS.limit]: `sql_tenant_connection_limit${TENANT}`,
    }),
  });
}

function schemaSize() {
  return graph({
    id: 13,
    title: "Schema size",
    question: "How much data is there, and how fast does it grow?",
    unit: "bytes",
    source: overTime({ schema: `sql_tenant_schema_bytes${TENANT}` }),
  });
}

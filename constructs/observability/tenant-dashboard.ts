import { NAMESPACES, type Quota } from "../../config";
import { dashboardUid } from "../../tenancy";
import { type Dashboard, DATASOURCE_VARIABLE, type Panel, SCHEMA_VERSION, timeSeries } from "./grafana-panels";

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

/** Brief: P99 at most 500 ms. */
const LATENCY_LIMIT_MS = 500;

/** Brief: success rate at least 99 %. */
const ERROR_RATIO_LIMIT = 0.01;

/** Share of its quota at which a tenant needs a larger one. */
const QUOTA_LIMIT = 0.8;

const GIB = 1_024 ** 3;

/**
 * One tenant's dashboard: what its clients see, measured at the gateway alone (a tenant's own calls would count twice), and
 * what its namespace uses of what it may. The same panels for every tenant, each with the same id.
 */
export function tenantDashboard(tenant: DashboardTenant): Dashboard {
  const { quota } = tenant;
  return {
    uid: dashboardUid(tenant.id),
    title: `${tenant.name} (${tenant.id})`,
    description: [
      `Tier ${tenant.tierName}: ${quota.requestsCpu} CPU and ${quota.requestsMemoryGi} GiB guaranteed,`,
      `${quota.limitsCpu} CPU and ${quota.limitsMemoryGi} GiB at most, ${quota.pods} pods.`,
      `Rate class ${tenant.rateClass}: ${tenant.requestsPerMinute} requests a minute.`,
    ].join(" "),
    tags: ["tenant", tenant.tierName],
    schemaVersion: SCHEMA_VERSION,
    editable: false,
    refresh: "1m",
    templating: { list: [DATASOURCE_VARIABLE] },
    panels: [...requestPanels(tenant), ...resourcePanels(tenant)],
  };
}

function requestPanels(tenant: DashboardTenant): Panel[] {
  const total = rate("istio_requests_total", atGateway(tenant));
  const throttled = rate("istio_requests_total", atGateway(tenant, "response_code='429'"));
  const failed = rate("istio_requests_total", atGateway(tenant, "response_code=~'5..'"));
  const duration = rate("istio_request_duration_milliseconds_bucket", atGateway(tenant));
  const quantile = (share: number): string => `histogram_quantile(${share},sum by(le)(${duration}))`;
  return [
    timeSeries({
      id: 1,
      title: "Requests a minute",
      description: "Line: rate limit",
      unit: "short",
      limit: tenant.requestsPerMinute,
      stacked: true,
      queries: { "{{class}}xx": `60*sum by(class)(label_replace(${total},'class','$1','response_code','(.).*'))` },
    }),
    timeSeries({
      id: 2,
      title: "Latency",
      unit: "ms",
      limit: LATENCY_LIMIT_MS,
      queries: { P50: quantile(0.5), P95: quantile(0.95), P99: quantile(0.99) },
    }),
    timeSeries({
      id: 3,
      title: "Server errors",
      unit: "percentunit",
      limit: ERROR_RATIO_LIMIT,
      // A tenant without errors has no series of them; without requests it has no ratio.
      queries: { "5xx": `(sum(${failed}) or vector(0))/sum(${total})` },
    }),
    timeSeries({
      id: 4,
      title: "Throttled requests a minute",
      unit: "short",
      queries: { "429": `60*sum(${throttled})` },
    }),
  ];
}

function resourcePanels(tenant: DashboardTenant): Panel[] {
  const namespace = `namespace='${tenant.namespace}'`;
  const used = `kube_resourcequota{${namespace},type='used',resource=~'(requests|limits).(cpu|memory)|pods'}`;
  const hard = `kube_resourcequota{${namespace},type='hard'}`;
  return [
    timeSeries({
      id: 5,
      title: "Quota used",
      unit: "percentunit",
      limit: QUOTA_LIMIT,
      queries: { "{{resource}}": `${used}/ignoring(type)${hard}` },
    }),
    timeSeries({
      id: 6,
      title: "Restarts in an hour",
      unit: "short",
      queries: {
        "{{pod}} {{container}}": `sum by(pod,container)(increase({__name__=~'kube_pod_.+_restarts_total',${namespace}}[1h]))>0`,
      },
    }),
    timeSeries({
      id: 7,
      title: "CPU by service, in cores",
      description: "Line: guaranteed",
      unit: "short",
      limit: tenant.quota.requestsCpu,
      stacked: true,
      queries: { "{{service}}": byService(rate("container_cpu_usage_seconds_total", `${namespace},container!=''`)) },
    }),
    timeSeries({
      id: 8,
      title: "Memory by service",
      description: "Line: guaranteed",
      unit: "bytes",
      limit: tenant.quota.requestsMemoryGi * GIB,
      stacked: true,
      queries: { "{{service}}": byService(`container_memory_working_set_bytes{${namespace},container!=''}`) },
    }),
    timeSeries({
      id: 9,
      title: "Replicas",
      unit: "short",
      queries: {
        "{{deployment}}": `kube_deployment_status_replicas_available{${namespace}}`,
        "{{horizontalpodautoscaler}} max": `kube_horizontalpodautoscaler_spec_max_replicas{${namespace}}`,
      },
    }),
  ];
}

const rate = (metric: string, matchers: string): string => `rate(${metric}{${matchers}}[$__rate_interval])`;

/**
 * Matchers in single quotes, which JSON leaves alone: in Terraform's state a double quote takes four characters.
 *
 * A tenant's requests as the gateway counts them. `namespace` is Prometheus's own label of the scraped pod;
 * `destination_service_namespace` comes from the route, so it is there also when the gateway itself answers 429 or 503.
 */
function atGateway(tenant: DashboardTenant, ...further: string[]): string {
  return [
    `namespace='${NAMESPACES.istioIngress}'`,
    "reporter='source'",
    `destination_service_namespace='${tenant.namespace}'`,
    ...further,
  ].join(",");
}

/** Sums a vector of containers by what their pod's name begins with: `<service>-<replica set>-<pod>`. */
const byService = (vector: string): string =>
  `sum by(service)(label_replace(${vector},'service','$1','pod','(.+)-[^-]+-[^-]+'))`;

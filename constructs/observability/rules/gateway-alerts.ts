import { INGRESS_GATEWAY, NAMESPACES } from "../../../config";
import { LATENCY_OBJECTIVE_MS } from "./objectives";
import { RECORDED, WINDOW_SECONDS } from "./recorded";
import type { Alert } from "./rule";

/** Deployment of the global rate limit service. */
export const RATE_LIMIT_DEPLOYMENT = "ratelimit";

/** Share of a pool at which the next burst finds it full. */
const POOL_SHARE = 0.8;

/** Requests that wait for a connection in one gateway pod; a few always do while one is opened. */
const PENDING_REQUESTS = 10;

/** Requests within five minutes that found a pool full. */
const MINIMUM_OVERFLOWS = 10;

/** Requests of all tenants within five minutes below which a P99 is one request's duration. */
const MINIMUM_REQUESTS = 100;

/** Share of requests that pass unasked. */
const UNLIMITED_SHARE = 0.05;

const TIER = `* on (tenant) group_left (tier) max by (tenant, tier) (${RECORDED.tenantInfo})`;

/** What every tenant's requests pass: the ingress gateway, its pools towards the tenants, and the rate limit that it asks. */
export function gatewayAlerts(): readonly Alert[] {
  return [slow(), atMaxReplicas(), ...pools(), ...rateLimit()];
}

/** Brief: the gateway's P99 jumps past 2 s while upstreams answer in 50 ms. */
function slow(): Alert {
  const { gatewayLatencyP99, upstreamLatencyP99, tenantRequests } = RECORDED;
  return {
    name: "GatewaySlow",
    severity: "page",
    expr: [
      `${gatewayLatencyP99} > ${LATENCY_OBJECTIVE_MS}`,
      `${gatewayLatencyP99} > 2 * ${upstreamLatencyP99}`,
      `sum(${tenantRequests["5m"]}) * ${WINDOW_SECONDS["5m"]} >= ${MINIMUM_REQUESTS}`,
    ].join(" and "),
    for: "5m",
    summary: "Requests wait at the ingress gateway, not at the tenants' services",
    description:
      'Clients wait {{ printf "%.0f" $value }} ms at the 99th percentile, more than twice what upstreams take.',
    runbook: "gateway-latency",
    dashboard: "gateway",
  };
}

function atMaxReplicas(): Alert {
  const of = (metric: string): string =>
    `kube_horizontalpodautoscaler_${metric}{namespace="${NAMESPACES.istioIngress}",horizontalpodautoscaler="${INGRESS_GATEWAY.release}"}`;
  return {
    name: "GatewayAtMaxReplicas",
    severity: "page",
    expr: `max(${of("status_current_replicas")} >= ${of("spec_max_replicas")})`,
    for: "15m",
    summary: "The ingress gateway cannot grow any further",
    description:
      "All {{ $value }} replicas that the gateway may have are running: more load will make every tenant slow.",
    runbook: "scaling",
    dashboard: "gateway",
  };
}

function pools(): Alert[] {
  const common = { severity: "ticket", runbook: "gateway-pools", dashboard: "gateway" } as const;
  return [
    {
      ...common,
      name: "GatewayPoolNearlyFull",
      expr: `${RECORDED.poolConnections} > ${POOL_SHARE}`,
      for: "10m",
      summary: "Connections to {{ $labels.service }} of tenant {{ $labels.tenant }} run out",
      description:
        "One gateway pod has {{ $value | humanizePercentage }} of the connections that tier {{ $labels.tier }} allows open.",
    },
    {
      ...common,
      name: "GatewayPoolPending",
      expr: `(${RECORDED.poolPending} > ${PENDING_REQUESTS}) ${TIER}`,
      for: "10m",
      summary: "Requests to {{ $labels.service }} of tenant {{ $labels.tenant }} wait for a connection",
      description: "{{ $value }} requests have waited in one gateway pod at every look for ten minutes.",
    },
    {
      ...common,
      name: "GatewayPoolOverflow",
      expr: `(${RECORDED.poolOverflow} * ${WINDOW_SECONDS["5m"]} >= ${MINIMUM_OVERFLOWS}) ${TIER}`,
      for: "5m",
      summary: "Requests to {{ $labels.service }} of tenant {{ $labels.tenant }} are refused for want of a connection",
      description:
        "{{ $value | humanize }} requests of five minutes found the pool full; where none could wait, the client got 503, flag UO.",
    },
  ];
}

function rateLimit(): Alert[] {
  const passed = `sum(rate(envoy_cluster_ratelimit_failure_mode_allowed{namespace="${NAMESPACES.istioIngress}"}[5m]))`;
  const common = { severity: "page", runbook: "rate-limit", dashboard: "gateway" } as const;
  return [
    {
      ...common,
      name: "RateLimitFailsOpen",
      expr: `${passed} / sum(${RECORDED.tenantRequests["5m"]}) > ${UNLIMITED_SHARE} and ${passed} * ${WINDOW_SECONDS["5m"]} >= ${MINIMUM_REQUESTS}`,
      for: "5m",
      summary: "Tenants are not held to their rate limits",
      description:
        "{{ $value | humanizePercentage }} of requests pass unasked, because the rate limit service does not answer in time.",
    },
    {
      ...common,
      name: "RateLimitServiceDown",
      expr: `sum(kube_deployment_status_replicas_available{namespace="${NAMESPACES.sharedServices}",deployment="${RATE_LIMIT_DEPLOYMENT}"}) == 0`,
      for: "5m",
      summary: "The rate limit service is down",
      description: "No replica is available, so that every request passes: one tenant can now slow the others down.",
    },
  ];
}

import { NAMESPACES } from "../../../config";
import { RECORDED } from "../rules";
import { LATENCY_BOUNDS, USE_BOUNDS } from "./bounds";
import { dashboardJson, type Section } from "./dashboard";
import { LEGENDS } from "./legends";
import { kialiLink, PLATFORM_TAG } from "./links";
import { graph, ranking } from "./panels";
import { GATEWAY, GATEWAY_AUTOSCALER, highest, rate, sumOrZero } from "./promql";
import { now, overTime } from "./sources";

const OF_SERVICE = "{{tenant}} {{service}}";
const OF_POD = "{{pod}}";

/** The one way in: where a request's time goes when it takes long at the gateway and upstreams answer at once. */
export function gatewayDashboard(): string {
  return dashboardJson({
    uid: "gateway",
    title: "Gateway",
    description: "Why requests take long or fail at the gateway: full pools, few replicas, throttled CPU, rate limits.",
    tags: [PLATFORM_TAG],
    links: [kialiLink(NAMESPACES.istioIngress)],
    sections: [latency(), pools(), capacity(), rateLimit()],
  });
}

function latency(): Section {
  return {
    id: 101,
    title: "Latency and failures",
    lines: [
      {
        panels: [
          graph({
            id: 1,
            title: "P99 at the gateway and upstream",
            question:
              "Where is the time spent? With a slow gateway before fast upstreams, requests wait for a connection.",
            unit: "ms",
            bounds: LATENCY_BOUNDS,
            source: overTime({ gateway: RECORDED.gatewayLatencyP99, upstream: RECORDED.upstreamLatencyP99 }),
          }),
          graph({
            id: 2,
            title: "Server errors by flag",
            question: "Who failed: a service (-), a full pool (UO), no healthy pod (UH), a broken connection (UC, UF)?",
            unit: "reqps",
            stacked: true,
            source: overTime({ "{{response_flags}}": RECORDED.gatewayErrors }),
          }),
        ],
      },
    ],
  };
}

function pools(): Section {
  return {
    id: 102,
    title: "Pools to tenants' services",
    lines: [
      {
        panels: [
          graph({
            id: 3,
            title: "Requests that wait or are refused",
            question: "Do requests queue for a connection, or find even the queue full?",
            unit: "short",
            source: overTime({
              "waiting in the worst pool": `max(${RECORDED.poolPending})`,
              "waiting in all": `sum(${RECORDED.poolPending})`,
              "refused a second": `sum(${RECORDED.poolOverflow})`,
            }),
          }),
          ranking({
            id: 4,
            title: "Fullest pools",
            question: "Which service's pool is at its limit in some gateway?",
            unit: "percentunit",
            bounds: USE_BOUNDS,
            source: now({ [OF_SERVICE]: highest(RECORDED.poolConnections) }),
          }),
          ranking({
            id: 5,
            title: "Longest queues",
            question: "Which service do requests wait for?",
            unit: "short",
            source: now({ [OF_SERVICE]: highest(RECORDED.poolPending) }),
          }),
          ranking({
            id: 6,
            title: "Refused a second",
            question: "Which service's pool turns requests away?",
            unit: "reqps",
            source: now({ [OF_SERVICE]: highest(RECORDED.poolOverflow) }),
          }),
        ],
      },
    ],
  };
}

function capacity(): Section {
  const proxy = `${GATEWAY},container='istio-proxy'`;
  const requests = `kube_pod_container_resource_requests{${proxy},resource='cpu'}`;
  const memoryLimit = `kube_pod_container_resource_limits{${proxy},resource='memory'}`;
  return {
    id: 103,
    title: "Capacity",
    lines: [
      {
        panels: [
          graph({
            id: 7,
            title: "Replicas",
            question: "Does the autoscaler still have room?",
            unit: "short",
            limit: LEGENDS.limit,
            source: overTime({
              current: `kube_horizontalpodautoscaler_status_current_replicas{${GATEWAY_AUTOSCALER}}`,
              desired: `kube_horizontalpodautoscaler_status_desired_replicas{${GATEWAY_AUTOSCALER}}`,
              [LEGENDS.limit]: `kube_horizontalpodautoscaler_spec_max_replicas{${GATEWAY_AUTOSCALER}}`,
            }),
          }),
          graph({
            id: 8,
            title: "CPU of what each gateway requests",
            question: "Is the CPU near where the autoscaler adds a replica (brief: 60 %)?",
            unit: "percentunit",
            bounds: { critical: 0.6 },
            source: overTime({
              [OF_POD]: `sum by(pod)(${rate("container_cpu_usage_seconds_total", proxy)}) / on(pod) sum by(pod)(${requests})`,
            }),
          }),
          graph({
            id: 9,
            title: "Memory of each gateway's limit",
            question: "Will a gateway be killed for its memory?",
            unit: "percentunit",
            bounds: USE_BOUNDS,
            source: overTime({
              [OF_POD]: `sum by(pod)(container_memory_working_set_bytes{${proxy}}) / on(pod) sum by(pod)(${memoryLimit})`,
            }),
          }),
          graph({
            id: 10,
            title: "Upstream connections by gateway",
            question: "Does one gateway carry more than the others?",
            unit: "short",
            source: overTime({ [OF_POD]: RECORDED.upstreamConnections }),
          }),
        ],
      },
    ],
  };
}

function rateLimit(): Section {
  return {
    id: 104,
    title: "Rate limit and certificate",
    lines: [
      {
        panels: [
          graph({
            id: 11,
            title: "Throttled requests",
            question: "How much does the rate limit turn away?",
            unit: "reqps",
            source: overTime({ throttled: `sum(${RECORDED.tenantThrottled})` }),
          }),
          graph({
            id: 12,
            title: "Rate limit service",
            question: "Does the service answer? Without its word gateways let all requests pass.",
            unit: "reqps",
            source: overTime({
              "no answer": sumOrZero(rate("envoy_cluster_ratelimit_error", GATEWAY)),
              "let pass unasked": sumOrZero(rate("envoy_cluster_ratelimit_failure_mode_allowed", GATEWAY)),
            }),
          }),
          graph({
            id: 13,
            title: "Rate limit replicas",
            question: "Are the service's pods there?",
            unit: "short",
            limit: LEGENDS.limit,
            source: overTime({
              available: `kube_deployment_status_replicas_available{${RATE_LIMIT_SERVICE}}`,
              [LEGENDS.limit]: `kube_deployment_spec_replicas{${RATE_LIMIT_SERVICE}}`,
            }),
          }),
          graph({
            id: 14,
            title: "Days until a gateway's certificate expires",
            question: "Are certificates renewed in time?",
            unit: "d",
            source: overTime({ [OF_POD]: `min by(pod)(envoy_server_days_until_first_cert_expiring{${GATEWAY}})` }),
          }),
        ],
      },
    ],
  };
}

/** Matchers of the rate limit service's Deployment, which `constructs/mesh` names. */
const RATE_LIMIT_SERVICE = `namespace='${NAMESPACES.sharedServices}',deployment='ratelimit'`;

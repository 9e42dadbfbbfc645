import type { Case, Firing } from "../case";
import type { Series } from "../promtool";
import { always, durations, type Labels, requests, rising, series, tenant, until, upstreamDurations } from "../series";

const GATEWAY = "/d/gateway";

export function gatewayCases(): readonly Case[] {
  return [...slowCases(), ...replicaCases(), ...poolCases(), ...rateLimitCases()];
}

function slowCases(): Case[] {
  const alert = "GatewaySlow";
  const traffic = (perMinute: number, slow: number, upstreamSlow: number): Series[] => [
    tenant("acme", "standard"),
    requests("acme", "200", rising(perMinute)),
    ...durations("acme", rising(perMinute - slow), rising(perMinute)),
    ...upstreamDurations("acme", rising(perMinute - upstreamSlow), rising(perMinute)),
  ];
  return [
    {
      alert,
      says: "wakes somebody where clients wait seconds and upstreams answer at once",
      given: traffic(1_000, 100, 0),
      minutes: 30,
      fires: [
        {
          labels: { severity: "page" },
          summary: "Requests wait at the ingress gateway, not at the tenants' services",
          description: "Clients wait 2300 ms at the 99th percentile, more than twice what upstreams take.",
          dashboard: GATEWAY,
        },
      ],
    },
    { alert, says: "is silent where upstreams are as slow", given: traffic(1_000, 100, 100), minutes: 30, fires: [] },
    { alert, says: "is silent at night, with ten requests a minute", given: traffic(10, 1, 0), minutes: 30, fires: [] },
  ];
}

function replicaCases(): Case[] {
  const alert = "GatewayAtMaxReplicas";
  const labels = { namespace: "istio-ingress", horizontalpodautoscaler: "istio-ingressgateway" };
  const gateways = (current: string): Series[] => [
    series("kube_horizontalpodautoscaler_spec_max_replicas", labels, always(15)),
    series("kube_horizontalpodautoscaler_status_current_replicas", labels, current),
  ];
  return [
    {
      alert,
      says: "wakes somebody after a quarter of an hour",
      given: gateways(always(15)),
      minutes: 20,
      fires: [
        {
          labels: { severity: "page" },
          summary: "The ingress gateway cannot grow any further",
          description: "All 15 replicas that the gateway may have are running: more load will make every tenant slow.",
          dashboard: GATEWAY,
        },
      ],
    },
    { alert, says: "is silent about a peak", given: gateways(until(30, 14, 15)), minutes: 40, fires: [] },
  ];
}

/** A statistic of one gateway pod's pool towards the tenant's task service. */
function pool(statistic: string, pod: string, values: string): Series {
  const labels: Labels = {
    namespace: "istio-ingress",
    pod: `istio-ingressgateway-${pod}`,
    cluster_name: "outbound|8080|v1|task-service.tenant-acme.svc.cluster.local",
  };
  return series(`envoy_cluster_upstream_${statistic}`, labels, values);
}

function poolCases(): Case[] {
  const firing = (summary: string, description: string): Firing => ({
    labels: { tenant: "acme", tier: "standard", service: "task-service", severity: "ticket" },
    summary,
    description,
    dashboard: GATEWAY,
  });
  const acme = tenant("acme", "standard");
  const overflow = (connections: number, waiting: number): Series[] => [
    acme,
    pool("cx_overflow", "a", rising(connections)),
    pool("rq_pending_overflow", "a", rising(waiting)),
  ];
  return [
    {
      alert: "GatewayPoolNearlyFull",
      says: "names service and tenant of the worst pod's pool, of a hundred connections",
      given: [acme, pool("cx_active", "a", always(5)), pool("cx_active", "b", always(90))],
      minutes: 20,
      fires: [
        firing(
          "Connections to task-service of tenant acme run out",
          "One gateway pod has 90% of the connections that tier standard allows open.",
        ),
      ],
    },
    {
      alert: "GatewayPoolNearlyFull",
      says: "is silent about pods that together have more than one may",
      given: [acme, pool("cx_active", "a", always(70)), pool("cx_active", "b", always(70))],
      minutes: 20,
      fires: [],
    },
    {
      alert: "GatewayPoolPending",
      says: "names service and tenant",
      given: [acme, pool("rq_pending_active", "a", always(40))],
      minutes: 20,
      fires: [
        firing(
          "Requests to task-service of tenant acme wait for a connection",
          "40 requests have waited in one gateway pod at every look for ten minutes.",
        ),
      ],
    },
    {
      alert: "GatewayPoolPending",
      says: "is silent while connections are opened",
      given: [acme, pool("rq_pending_active", "a", always(3))],
      minutes: 20,
      fires: [],
    },
    {
      alert: "GatewayPoolOverflow",
      says: "names service and tenant",
      given: overflow(2, 2),
      minutes: 20,
      fires: [
        firing(
          "Requests to task-service of tenant acme are refused for want of a connection",
          "20 requests of five minutes found the pool full; where none could wait, the client got 503, flag UO.",
        ),
      ],
    },
    { alert: "GatewayPoolOverflow", says: "is silent about one", given: overflow(1, 0), minutes: 20, fires: [] },
  ];
}

function rateLimitCases(): Case[] {
  const acme = [tenant("acme", "standard"), requests("acme", "200", rising(1_000))];
  const passed = (perMinute: number): Series =>
    series("envoy_cluster_ratelimit_failure_mode_allowed", { namespace: "istio-ingress" }, rising(perMinute));
  const replicas = (values: string): Series =>
    series(
      "kube_deployment_status_replicas_available",
      { namespace: "shared-services", deployment: "ratelimit" },
      values,
    );
  return [
    {
      alert: "RateLimitFailsOpen",
      says: "wakes somebody where half of the requests pass unasked",
      given: [...acme, passed(500)],
      minutes: 20,
      fires: [
        {
          labels: { severity: "page" },
          summary: "Tenants are not held to their rate limits",
          description: "50% of requests pass unasked, because the rate limit service does not answer in time.",
          dashboard: GATEWAY,
        },
      ],
    },
    {
      alert: "RateLimitFailsOpen",
      says: "is silent about the odd late answer",
      given: [...acme, passed(10)],
      minutes: 20,
      fires: [],
    },
    {
      alert: "RateLimitServiceDown",
      says: "wakes somebody without a single request",
      given: [replicas(until(30, 2, 0))],
      minutes: 40,
      fires: [
        {
          labels: { severity: "page" },
          summary: "The rate limit service is down",
          description:
            "No replica is available, so that every request passes: one tenant can now slow the others down.",
          dashboard: GATEWAY,
        },
      ],
    },
    {
      alert: "RateLimitServiceDown",
      says: "is silent with one of two",
      given: [replicas(always(1))],
      minutes: 20,
      fires: [],
    },
  ];
}

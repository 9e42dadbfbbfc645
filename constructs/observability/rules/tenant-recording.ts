import { LABELS, NAMESPACES } from "../../../config";
import { NAMESPACE_PREFIX } from "../../../tenancy";
import { byTier, errorBudget, LATENCY_OBJECTIVE_MS } from "./objectives";
import { RECORDED, type Window, WINDOW_SECONDS, WINDOWS } from "./recorded";
import type { RecordingRule, RuleGroup } from "./rule";

/** Label that kube-state-metrics makes of a label of a namespace. */
const namespaceLabel = (label: string): string => `label_${label.replaceAll(/[^A-Za-z0-9]/g, "_")}`;

/** Labels of what an alert about a tenant is made from. */
const TENANT = "tenant, tier, alerts";

/**
 * Requests as the gateway counts them: a tenant's own calls, which sidecars count too, are no client's. The tenant is in
 * `destination_service_namespace`, which comes from the route and so is there also when the gateway itself answers.
 */
const AT_GATEWAY = [
  `namespace="${NAMESPACES.istioIngress}"`,
  'reporter="source"',
  `destination_service_namespace=~"${NAMESPACE_PREFIX}.+"`,
].join(",");

/**
 * Series of request rates, durations and objectives, all tenants' and tiers'. Pods are summed away first: what follows
 * reads some 20 series a tenant and not 75 for each of 15 gateways.
 */
export function tenantRecording(): readonly RuleGroup[] {
  return [
    { name: "tenant-requests", rules: [tenantInfo(), ...requests(), ...durations()] },
    { name: "tenant-windows", rules: WINDOWS.filter((window) => window !== "5m").flatMap(overWindow) },
    { name: "tier-requests", rules: [...objectives(), ...WINDOWS.flatMap(ofTiers), tierLatency()] },
  ];
}

/**
 * Tier and alert route of each tenant, by the labels of its namespace as they are now: over a range, a tenant that changes
 * its tier would have two, and a join that finds two fails for all tenants.
 */
function tenantInfo(): RecordingRule {
  const names = { tenant: LABELS.tenant, tier: LABELS.tier, alerts: LABELS.alerts, state: LABELS.state };
  const renamed = Object.entries(names).reduce(
    (vector, [name, label]) => `label_replace(${vector}, "${name}", "$1", "${namespaceLabel(label)}", "(.+)")`,
    `kube_namespace_labels{${namespaceLabel(LABELS.tenant)}!=""}`,
  );
  return {
    record: RECORDED.tenantInfo,
    expr: `max by (${Object.keys(names).join(", ")}, namespace) (${renamed})`,
  };
}

/** Sums a vector of the gateways' series by tenant, and names the tenant by what its namespace is labelled with. */
function byTenant(vector: string, ...further: string[]): string {
  const labels = ["destination_service_namespace", ...further].join(", ");
  const summed = `sum by (${labels}) (${vector})`;
  const joinable = `label_replace(${summed}, "namespace", "$1", "destination_service_namespace", "(.+)")`;
  return `sum by (${[TENANT, ...further].join(", ")}) (${joinable} * on (namespace) group_left (${TENANT}) ${RECORDED.tenantInfo})`;
}

/** A tenant without requests has a rate of zero and not a gap, in which nobody could tell whether it is measured at all. */
const orZero = (vector: string): string => `${vector} or sum by (${TENANT}) (0 * ${RECORDED.tenantInfo})`;

function requests(): RecordingRule[] {
  const rate = (...matchers: string[]): string =>
    orZero(byTenant(`rate(istio_requests_total{${[AT_GATEWAY, ...matchers].join(",")}}[5m])`));
  return [
    { record: RECORDED.tenantRequests["5m"], expr: rate() },
    { record: RECORDED.tenantErrors["5m"], expr: rate('response_code=~"5.."') },
    // An application answers 429 too; the flag is the gateway's.
    { record: RECORDED.tenantThrottled, expr: rate('response_code="429"', 'response_flags=~".*RL.*"') },
  ];
}

/**
 * Histograms are most of the series, so they are read once: quantiles and the slow requests come from their sums. A
 * quantile of no requests is not a number, which `>= 0` leaves out.
 */
function durations(): RecordingRule[] {
  const buckets = RECORDED.tenantLatencyBuckets;
  const within = `${buckets}{le=~"${LATENCY_OBJECTIVE_MS}(\\\\.0)?"}`;
  const quantile = (share: number): string => `histogram_quantile(${share}, ${buckets}) >= 0`;
  return [
    {
      record: buckets,
      expr: byTenant(`rate(istio_request_duration_milliseconds_bucket{${AT_GATEWAY}}[5m])`, "le"),
    },
    {
      record: RECORDED.tenantSlow["5m"],
      expr: orZero(`clamp_min(sum by (${TENANT}) (${buckets}{le="+Inf"}) - sum by (${TENANT}) (${within}), 0)`),
    },
    { record: RECORDED.tenantLatency.p50, expr: quantile(0.5) },
    { record: RECORDED.tenantLatency.p95, expr: quantile(0.95) },
    { record: RECORDED.tenantLatency.p99, expr: quantile(0.99) },
    {
      record: RECORDED.gatewayLatencyP99,
      expr: `histogram_quantile(0.99, sum by (le) (${buckets})) >= 0`,
    },
  ];
}

/** Seconds between the samples that a window is made of: touching rates of five minutes leave nothing out. */
const stepOf = (window: Window): number => (WINDOW_SECONDS[window] > 3_600 ? 300 : 60);

/**
 * Means of the recorded rates: over raw series, three days of 500 tenants would be a billion samples at each evaluation,
 * and over recorded ones it is a million. The sum is divided by the whole window and not by the samples there are, so
 * that a tenant that is an hour old has the requests of an hour.
 */
function overWindow(window: Window): RecordingRule[] {
  const step = stepOf(window);
  return [RECORDED.tenantRequests, RECORDED.tenantErrors, RECORDED.tenantSlow].map((rates) => ({
    record: rates[window],
    expr: `sum_over_time(${rates["5m"]}[${window}:${step / 60}m]) / ${WINDOW_SECONDS[window] / step}`,
  }));
}

/** The objectives as series, so that one rule serves every tier. */
function objectives(): RecordingRule[] {
  return [
    { record: RECORDED.tierErrorBudget, expr: byTier((tier) => errorBudget(tier, "availability")) },
    { record: RECORDED.tierSlowBudget, expr: byTier((tier) => errorBudget(tier, "latency")) },
  ];
}

function ofTiers(window: Window): RecordingRule[] {
  return [
    [RECORDED.tierRequests, RECORDED.tenantRequests] as const,
    [RECORDED.tierErrors, RECORDED.tenantErrors] as const,
    [RECORDED.tierSlow, RECORDED.tenantSlow] as const,
  ].map(([tier, tenant]) => ({ record: tier[window], expr: `sum by (tier) (${tenant[window]})` }));
}

function tierLatency(): RecordingRule {
  return {
    record: RECORDED.tierLatencyP99,
    expr: `histogram_quantile(0.99, sum by (tier, le) (${RECORDED.tenantLatencyBuckets})) >= 0`,
  };
}

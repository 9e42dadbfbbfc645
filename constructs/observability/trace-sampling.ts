import { type SavingsSettings, TIER_NAMES } from "../../config";
import { LATENCY_OBJECTIVE_MS } from "./rules";

/**
 * Seconds that a trace's spans are awaited: 15 that a request may take at the gateway, 5 after which a proxy sends what it
 * has (Envoy, `tracing.opentelemetry.flush_interval_ms`), and 10 for a slow network.
 */
const DECISION_WAIT_SECONDS = 30;

/**
 * Traces in memory. 190 requests a second, ten times the brief's average, are 5,700 traces in the wait, or 70 MiB at four
 * spans of 3 kB. 20,000 traces are 240 MiB; at more the oldest go undecided.
 */
const TRACES_IN_MEMORY = 20_000;

/** Tag of a span with its tenant's tier, set by the mesh in each sidecar of a tenant. */
const TIER_TAG = "tier";

/**
 * Processor `tail_sampling` of the OpenTelemetry Collector, which Jaeger 2 contains (Jaeger documentation, "Sampling"). The
 * choice is made here and not in the proxies: only a finished trace tells whether it failed or was slow, and a `Telemetry`
 * in Istio's root namespace knows no selector by which a tier's proxies could have a rate of their own. One collector
 * sees all spans of a trace. A trace is kept when any policy wants it; the shares choose by the trace's id, so that the
 * larger contains the smaller. The smallest holds for any trace: also for the platform's own services, and for what the
 * gateway answers without a tenant.
 *
 * @param keptPercent - of each tier's ordinary traces
 */
export function traceSampling(keptPercent: SavingsSettings["tracesKeptPercent"]) {
  const keptOfAny = Math.min(...Object.values(keptPercent));
  return {
    decision_wait: `${DECISION_WAIT_SECONDS}s`,
    num_traces: TRACES_IN_MEMORY,
    policies: [
      // Envoy's tag for 5xx and for no answer at all. By the span's status each 404 of a client would count as well.
      { name: "failed", ...withTag("error", "true") },
      { name: "slow", type: "latency", latency: { threshold_ms: LATENCY_OBJECTIVE_MS } },
      ...TIER_NAMES.filter((tier) => keptPercent[tier] > keptOfAny).map((tier) => ({
        name: `tier-${tier}`,
        type: "and",
        and: {
          and_sub_policy: [
            { name: tier, ...withTag(TIER_TAG, tier) },
            { name: "share", ...share(keptPercent[tier]) },
          ],
        },
      })),
      { name: "any", ...share(keptOfAny) },
    ],
  };
}

/** Traces with a span that bears the tag. */
function withTag(key: string, value: string) {
  return { type: "string_attribute", string_attribute: { key, values: [value] } };
}

function share(percent: number) {
  return { type: "probabilistic", probabilistic: { sampling_percentage: percent } };
}

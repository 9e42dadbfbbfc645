import { ENVIRONMENTS, TIER_NAMES } from "../../../config";
import { traceSampling } from "../../../constructs/observability/trace-sampling";

interface Policy {
  readonly name: string;
  readonly string_attribute?: { readonly key: string; readonly values: readonly string[] };
  readonly latency?: { readonly threshold_ms: number };
  readonly probabilistic?: { readonly sampling_percentage: number };
  readonly and?: { readonly and_sub_policy: readonly Policy[] };
}

interface Trace {
  readonly milliseconds: number;
  /** Tags by span. */
  readonly spans: readonly Readonly<Record<string, string>>[];
}

const sampling = traceSampling(ENVIRONMENTS.production.savings.tracesKeptPercent);

/** Per cent of such traces that a policy keeps, as the processor's documentation has it. */
function kept(policy: Policy, trace: Trace): number {
  const { string_attribute: attribute, latency, probabilistic, and } = policy;
  if (attribute) {
    return trace.spans.some((span) => attribute.values.includes(span[attribute.key] ?? "")) ? 100 : 0;
  }
  if (latency) {
    return trace.milliseconds > latency.threshold_ms ? 100 : 0;
  }
  return and
    ? Math.min(...and.and_sub_policy.map((part) => kept(part, trace)))
    : (probabilistic?.sampling_percentage ?? NaN);
}

const keptPercent = (trace: Trace, policies: readonly Policy[] = sampling.policies): number =>
  Math.max(...policies.map((policy) => kept(policy, trace)));

const GATEWAY = { tenant: "tenant-acme" };
const trace = (tier?: string, more: Partial<Trace> = {}): Trace => ({
  milliseconds: 50,
  spans: [GATEWAY, ...(tier === undefined ? [] : [{ ...GATEWAY, tier }])],
  ...more,
});

describe("traceSampling", () => {
  test.each([undefined, ...TIER_NAMES])("keeps every failed and every slow trace of tier %p", (tier) => {
    const failed = trace(tier, { spans: [{ ...GATEWAY, error: "true" }] });
    expect(keptPercent(failed)).toBe(100);
    expect(keptPercent(trace(tier, { milliseconds: 501 }))).toBe(100);
  });

  test.each([
    [undefined, 1],
    ["starter", 1],
    ["standard", 2],
    ["enterprise", 10],
  ])("keeps of ordinary traces of tier %p %d in a hundred", (tier, percent) => {
    expect(keptPercent(trace(tier))).toBe(percent);
  });

  test("keeps fewer of a quiet tier, and of what has no tier, once its share is lower", () => {
    const { policies } = traceSampling({ starter: 0.1, standard: 2, enterprise: 10 });
    expect([undefined, ...TIER_NAMES].map((tier) => keptPercent(trace(tier), policies))).toEqual([0.1, 0.1, 2, 10]);
    expect(keptPercent(trace("starter", { milliseconds: 501 }), policies)).toBe(100);
  });

  test.each(sampling.policies.map(({ name }) => name))("would lose traces without the policy %s", (name) => {
    const traces = [
      trace(),
      trace("starter", { spans: [{ error: "true" }] }),
      ...TIER_NAMES.map((tier) => trace(tier)),
      trace("starter", { milliseconds: 900 }),
    ];
    const without = sampling.policies.filter((policy) => policy.name !== name);
    const lost = traces.filter((one) => keptPercent(one, without) < keptPercent(one));
    expect(lost).not.toEqual([]);
  });

  test("decides after the gateway's time-out of 15 seconds and a proxy's 5 of sending, and not before", () => {
    expect(sampling.decision_wait).toBe("30s");
  });
});

import { ENVIRONMENTS, TENANT_SERVICES } from "../../../../config";
import { READ_METRICS } from "../../../../constructs/observability/mesh-relabelings";
import { planMetrics, SERIES, SERIES_CEILING, seriesOfTenant } from "../../../../constructs/observability/metrics-plan";
import { RECORDED } from "../../../../constructs/observability/rules";
import { relabel } from "../support";

/** Upper bounds of Istio 1.31's histogram of durations, in milliseconds. */
const BOUNDS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
  3_600_000,
];

/** Statistics of one of Envoy's clusters that a gateway exports; Envoy has many more, which Istio hides. */
const CLUSTER_STATISTICS = [
  "cx_active",
  "cx_overflow",
  "cx_total",
  "rq_active",
  "rq_pending_active",
  "rq_pending_overflow",
  "rq_retry",
  "rq_timeout",
];

const RESPONSE_CODES = 4;

type Labels = Readonly<Record<string, string>>;

/** Series that one label set of requests is before relabelling, on a gateway. */
function requestSeries(): readonly Labels[] {
  const duration = "istio_request_duration_milliseconds";
  return [
    "istio_requests_total",
    `${duration}_sum`,
    `${duration}_count`,
    "istio_request_bytes_bucket",
    "istio_response_bytes_bucket",
  ]
    .map((name): Labels => ({ __name__: name, reporter: "source" }))
    .concat(
      [...BOUNDS.map((bound) => (Number.isInteger(bound) ? `${bound}.0` : String(bound))), "+Inf"].map((le) => ({
        __name__: `${duration}_bucket`,
        reporter: "source",
        le,
      })),
    );
}

const kept = (series: readonly Labels[]): number => series.filter((labels) => relabel(labels, READ_METRICS)).length;

describe("the budget of series", () => {
  test("counts of a tenant at a gateway what relabelling keeps", () => {
    const pools = CLUSTER_STATISTICS.map((name) => ({ __name__: `envoy_cluster_upstream_${name}` }));
    expect(SERIES.perTenantAndGateway).toBe(
      RESPONSE_CODES * kept(requestSeries()) + TENANT_SERVICES.length * kept(pools),
    );
  });

  test("counts of a tenant what is recorded", () => {
    const { tenantLatencyBuckets, poolConnections, poolPending, poolOverflow, tenantQuota } = RECORDED;
    const perName: Readonly<Record<string, number>> = {
      [tenantLatencyBuckets]: kept(
        requestSeries().filter(({ __name__: name }) => name?.endsWith("milliseconds_bucket")),
      ),
      [poolConnections]: TENANT_SERVICES.length,
      [poolPending]: TENANT_SERVICES.length,
      [poolOverflow]: TENANT_SERVICES.length,
      [tenantQuota]: 5,
    };
    const names = Object.values(RECORDED)
      .flatMap((entry) => (typeof entry === "string" ? [entry] : Object.values(entry)))
      .filter((name) => name.startsWith("tenant:") || name.startsWith("gateway:pool_"));
    expect(names.reduce((sum, name) => sum + (perName[name] ?? 1), 0)).toBe(SERIES.recordedPerTenant);
  });

  test("keeps 500 tenants and 15 gateways below the ceiling", () => {
    const plan = planMetrics(ENVIRONMENTS.production);
    expect({ tenants: plan.tenants, perTenant: seriesOfTenant() }).toEqual({ tenants: 500, perTenant: 2_682 });
    expect(plan.series).toBe(1_491_000);
    expect(plan.series).toBeLessThan(SERIES_CEILING);
  });

  test("is broken by one more label on every request", () => {
    const doubled = 500 * 15 * RESPONSE_CODES * kept(requestSeries());
    expect(planMetrics(ENVIRONMENTS.production).series + doubled).toBeGreaterThan(SERIES_CEILING);
  });
});

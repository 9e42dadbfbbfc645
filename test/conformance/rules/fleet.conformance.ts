import { TENANT_SERVICES, type Tier, TIER_NAMES, TIERS } from "../../../config";
import { namespaceName } from "../../../tenancy";
import { generateRows } from "../../support/fleet";
import { type Series, testRules } from "./promtool";
import { synthesizedGroups } from "./rules";
import { always, durations, identity, received, requests, rising, series, tenant, upstreamDurations } from "./series";

const groups = synthesizedGroups();

/** The platform around the tenants, at rest. */
const PLATFORM: readonly Series[] = [
  series("up", { job: "istiod" }, always(1)),
  series("up", { job: "observability/mesh-gateways" }, always(1)),
  series("up", { job: "kube-state-metrics" }, always(1)),
  series("prometheus_tsdb_head_series", { job: "kube-prometheus-stack-prometheus" }, always(1_500_000)),
  series("citadel_server_root_cert_expiry_timestamp", {}, always(3_650 * 86_400)),
  series(
    "kube_horizontalpodautoscaler_status_current_replicas",
    { namespace: "istio-ingress", horizontalpodautoscaler: "istio-ingressgateway" },
    always(3),
  ),
  series(
    "kube_horizontalpodautoscaler_spec_max_replicas",
    { namespace: "istio-ingress", horizontalpodautoscaler: "istio-ingressgateway" },
    always(15),
  ),
  series(
    "kube_deployment_status_replicas_available",
    { namespace: "shared-services", deployment: "ratelimit" },
    always(2),
  ),
];

/** A tenant's pods at rest: quota, autoscalers, sidecars, pools and connections. */
function atRest(id: string, tier: Tier): readonly Series[] {
  const namespace = namespaceName(id);
  // With a canary of each service: what a row may ask for wakes nobody.
  const pods = TENANT_SERVICES.length * (tier.replicas.min + 1);
  const { container, sidecar, quota } = tier;
  // Of its resources the one that its pods at rest fill most, and one of which it has all that it may.
  const used = (pods * (container.limitsCpuMilli + sidecar.limitsCpuMilli)) / 1_000;
  const resources = { "limits.cpu": [used, quota.limitsCpu], resourcequotas: [1, 1] };
  const autoscaler = { namespace, horizontalpodautoscaler: "task-service" };
  return [
    tenant(id, tier.name),
    ...Object.entries(resources).flatMap(([resource, [inUse = 0, hard = 0]]) => [
      series("kube_resourcequota", { namespace, resource, type: "used" }, always(inUse)),
      series("kube_resourcequota", { namespace, resource, type: "hard" }, always(hard)),
    ]),
    series("kube_horizontalpodautoscaler_status_current_replicas", autoscaler, always(tier.replicas.min)),
    series("kube_horizontalpodautoscaler_spec_min_replicas", autoscaler, always(tier.replicas.min)),
    series("kube_horizontalpodautoscaler_spec_max_replicas", autoscaler, always(tier.replicas.max)),
    series("istio_agent_cert_expiry_seconds", { namespace, resource_name: "default" }, always(12 * 3_600)),
    series(
      "envoy_cluster_upstream_cx_active",
      { namespace: "istio-ingress", cluster_name: `outbound|8080|v1|task-service.${namespace}.svc.cluster.local` },
      always(2),
    ),
    series("sql_tenant_connection_limit", { tenant: id }, always(tier.connectionLimit)),
    series("sql_tenant_connections", { tenant: id, state: "idle" }, always(tier.connectionLimit)),
  ];
}

interface Member {
  readonly id: string;
  readonly tier: Tier;
  /** Average tenants that it stands for. */
  readonly weight: number;
}

const CALM_HOURS = 3;

const idle = ({ id, tier }: Member): readonly Series[] => atRest(id, tier);

/** Two requests a minute, and in three hours for every second tenant one that fails. */
function calm({ id, tier, weight }: Member, index: number): readonly Series[] {
  const all = rising(2 * weight);
  return [
    ...atRest(id, tier),
    requests(id, "200", all),
    ...(weight > 1 ? [requests(id, "503", rising(weight / (2 * CALM_HOURS * 60)))] : []),
    ...(weight === 1 && index % 2 === 0 ? [requests(id, "503", `0+0x${index + 10} 1+0x170`)] : []),
    ...durations(id, all, all),
    ...upstreamDurations(id, all, all),
    received(id, identity(id), "200", all),
  ];
}

/** promtool's engine takes 10,000 samples in a query: 125 tenants at the 60 steps of an hour. */
const LOT = 125;

const MEMBERS: readonly Member[] = generateRows(500).map(({ id, tier }) => ({ id, tier: TIERS[tier], weight: 1 }));
const LOTS = Array.from({ length: MEMBERS.length / LOT }, (_, lot) => MEMBERS.slice(lot * LOT, (lot + 1) * LOT));

/** What is summed by tier comes out the same with one tenant for all of a tier. */
const TIER_SUMS: readonly Member[] = TIER_NAMES.map((tier) => ({
  id: tier,
  tier: TIERS[tier],
  weight: MEMBERS.filter((member) => member.tier.name === tier).length,
}));

/** Alerts that fire after some hours, as promtool's expression test lists them. */
function alertsAfter(hours: number, given: readonly Series[], fires: readonly string[]) {
  return testRules(
    groups,
    {
      name: "fleet",
      interval: "1m",
      input_series: [...PLATFORM, ...given],
      promql_expr_test: [
        {
          expr: 'count by (alertname, tenant) (ALERTS{alertstate="firing",alertname!="Watchdog"})',
          eval_time: `${hours}h`,
          exp_samples: fires.map((labels) => ({ labels, value: 1 })),
        },
      ],
    },
    "5m",
  ).output.trim();
}

describe("a fleet of 500 tenants", () => {
  const parts = [...LOTS, TIER_SUMS];

  test("fires nothing without a single request", () => {
    expect(parts.map((members) => alertsAfter(2, members.flatMap(idle), []))).toEqual(parts.map(() => "SUCCESS"));
  });

  test("fires nothing at two requests a minute with an error here and there", () => {
    expect(parts.map((members) => alertsAfter(CALM_HOURS, members.flatMap(calm), []))).toEqual(
      parts.map(() => "SUCCESS"),
    );
  });

  test("fires for the one tenant that fails, and for no other", () => {
    const [lot = []] = LOTS;
    const failing = [...lot.flatMap(idle), requests("company-0003", "503", rising(2))];
    expect(alertsAfter(1, failing, [])).toContain('alertname="TenantErrorBudgetBurn", tenant="company-0003"');
  });
});

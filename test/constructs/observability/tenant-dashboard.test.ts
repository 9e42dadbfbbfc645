import * as fc from "fast-check";

import { TIERS } from "../../../config";
import { type DashboardTenant, tenantDashboard } from "../../../constructs/observability";
import { dashboardUid } from "../../../tenancy";
import type { Dashboard } from "../../../constructs/observability/grafana-panels";

const ACME: DashboardTenant = {
  id: "acme-corp",
  name: "Acme Corporation",
  namespace: "tenant-acme-corp",
  tierName: "enterprise",
  rateClass: "enterprise",
  requestsPerMinute: 6_000,
  quota: TIERS.enterprise.quota,
};
const dashboard = tenantDashboard(ACME);

function expressions(of: Dashboard): string[] {
  return of.panels.flatMap((panel) => panel.targets.map((target) => target.expr));
}

function panel(title: string) {
  const found = dashboard.panels.find((candidate) => candidate.title === title);
  if (!found) {
    throw new Error(`no panel ${title}`);
  }
  return found;
}

/** Value of the line that a panel draws. */
const limit = (title: string): unknown =>
  (panel(title).fieldConfig as { defaults: { thresholds?: { steps: { value: unknown }[] } } }).defaults.thresholds
    ?.steps[1]?.value;

const GATEWAY = "namespace='istio-ingress',reporter='source',destination_service_namespace='tenant-acme-corp'";

describe("Brief: A5, each tenant has its own dashboard", () => {
  test("is found by the tenant's id and read by its name", () => {
    expect(dashboard.uid).toBe("tenant-acme-corp");
    expect(dashboard.title).toBe("Acme Corporation (acme-corp)");
    expect(dashboard.tags).toEqual(["tenant", "enterprise"]);
  });

  test("answers what the tenant's clients see and what its namespace uses", () => {
    expect(dashboard.panels.map(({ id, title }) => `${id} ${title}`)).toEqual([
      "1 Requests a minute",
      "2 Latency",
      "3 Server errors",
      "4 Throttled requests a minute",
      "5 Quota used",
      "6 Restarts in an hour",
      "7 CPU by service, in cores",
      "8 Memory by service",
      "9 Replicas",
    ]);
  });

  test("every query is about this tenant alone", () => {
    const other = tenantDashboard({ ...ACME, id: "small-biz", namespace: "tenant-small-biz" });
    expect(expressions(dashboard)).toHaveLength(12);
    for (const expr of expressions(dashboard)) {
      expect(expr).toContain("='tenant-acme-corp'");
    }
    expect(expressions(other).join()).not.toContain("acme-corp");
  });

  test("requests are counted at the gateway only, where each is counted once", () => {
    const requests = expressions(dashboard).filter((expr) => expr.includes("istio_"));
    expect(requests).toHaveLength(6);
    for (const expr of requests) {
      expect(expr).toContain(GATEWAY);
    }
  });

  test("shows P50, P95 and P99 against the brief's 500 ms", () => {
    expect(panel("Latency").targets.map((target) => target.legendFormat)).toEqual(["P50", "P95", "P99"]);
    expect(panel("Latency").targets[2]?.expr).toBe(
      `histogram_quantile(0.99,sum by(le)(rate(istio_request_duration_milliseconds_bucket{${GATEWAY}}[$__rate_interval])))`,
    );
    expect(limit("Latency")).toBe(500);
  });

  test("shows server errors against the brief's 1 %, and none where there are none", () => {
    expect(panel("Server errors").targets[0]?.expr).toBe(
      `(sum(rate(istio_requests_total{${GATEWAY},response_code=~'5..'}[$__rate_interval])) or vector(0))` +
        `/sum(rate(istio_requests_total{${GATEWAY}}[$__rate_interval]))`,
    );
    expect(limit("Server errors")).toBe(0.01);
  });

  test("shows requests against the rate class and those throttled", () => {
    expect(limit("Requests a minute")).toBe(6_000);
    expect(panel("Throttled requests a minute").targets[0]?.expr).toContain("response_code='429'");
  });

  test("shows the share of its quota that the namespace uses, by resource", () => {
    expect(panel("Quota used").targets[0]?.expr).toBe(
      "kube_resourcequota{namespace='tenant-acme-corp',type='used',resource=~'(requests|limits).(cpu|memory)|pods'}" +
        "/ignoring(type)kube_resourcequota{namespace='tenant-acme-corp',type='hard'}",
    );
    expect(limit("Quota used")).toBe(0.8);
  });

  test("shows CPU and memory against what the tier guarantees", () => {
    expect(limit("CPU by service, in cores")).toBe(4);
    expect(limit("Memory by service")).toBe(8 * 1_024 ** 3);
    expect(dashboard.description).toBe(
      "Tier enterprise: 4 CPU and 8 GiB guaranteed, 16 CPU and 32 GiB at most, 100 pods. " +
        "Rate class enterprise: 6000 requests a minute.",
    );
  });

  test("panels stand two a row, each with an id of its own", () => {
    const places = dashboard.panels.map(({ gridPos }) => `${gridPos.x},${gridPos.y}`);
    expect(new Set(places).size).toBe(places.length);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  test("holds nothing that Terraform would take for an expression", () => {
    expect(JSON.stringify(dashboard)).not.toMatch(/[$%]\{/);
  });

  test("stays small: every one is kept in Terraform's state", () => {
    expect(JSON.stringify(dashboard).length).toBeLessThan(6 * 1_024);
    const id = "x".repeat(40);
    const longest = tenantDashboard({ ...ACME, id, namespace: `tenant-${id}`, name: "N".repeat(80) });
    expect(JSON.stringify(longest).length).toBeLessThan(7 * 1_024);
  });
});

describe("dashboardUid", () => {
  const id = fc.stringMatching(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/);

  test("never outgrows Grafana's 40 characters", () => {
    fc.assert(
      fc.property(id, (value) => dashboardUid(value).length <= 40 && dashboardUid(value).startsWith("tenant-")),
    );
  });

  test("tells long ids with a common beginning apart", () => {
    const [left, right] = [`${"a".repeat(39)}b`, `${"a".repeat(39)}c`];
    expect(dashboardUid(left)).not.toBe(dashboardUid(right));
    expect(dashboardUid(left)).toHaveLength(40);
  });
});

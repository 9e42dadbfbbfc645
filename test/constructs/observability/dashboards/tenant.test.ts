import { tenantDashboard } from "../../../../constructs/observability";
import { selectorsOf } from "./promql";
import { ACME, boundsOf, expressionsOf, JSON_BY_UID, panelOf, panelsOf, parse } from "./support";

const json = JSON_BY_UID["tenant-acme-corp"] ?? "";
const dashboard = parse(json);

/** Matchers one of which must fix whose series a query reads. */
const OWN = ["tenant='acme-corp'", "namespace='tenant-acme-corp'", "destination_service_namespace='tenant-acme-corp'"];

/** Metrics that a query reads of other tenants too. What is recorded for a tier says nothing of any of its tenants. */
function foreign(expr: string): readonly string[] {
  return selectorsOf(expr)
    .filter(({ metric }) => !metric.startsWith("tier:"))
    .filter(({ matchers }) => !matchers.split(",").some((matcher) => OWN.includes(matcher)))
    .map(({ metric }) => metric);
}

const query = (title: string): readonly string[] => expressionsOf(panelOf(dashboard, title));

describe("Brief: A5, each tenant has its own dashboard", () => {
  test("is found by the tenant's id and read by its name", () => {
    expect(dashboard.uid).toBe("tenant-acme-corp");
    expect(dashboard.title).toBe("Acme Corporation (acme-corp)");
    expect(dashboard.tags).toEqual(["tenant", "enterprise"]);
    expect(dashboard.description).toBe(
      "Tier enterprise: 4 CPU and 8 GiB guaranteed, 16 CPU and 32 GiB at most, 100 pods. " +
        "Rate class enterprise: 6000 requests a minute.",
    );
  });

  test("answers what the tenant's clients see, what its namespace uses and what its database role uses", () => {
    expect((dashboard.panels ?? []).map(({ id, title }) => `${id} ${title}`)).toEqual([
      "101 What clients see",
      "1 Requests a minute",
      "2 Latency",
      "3 Server errors",
      "4 Throttled requests a minute",
      "10 Error budget left, of three days",
      "11 Gateway pool used",
      "102 What the namespace uses",
      "5 Quota used",
      "7 CPU by service, in cores",
      "8 Memory by service",
      "9 Replicas",
      "6 Restarts in an hour",
      "103 Database",
      "12 Database connections",
      "13 Schema size",
    ]);
  });

  test("no query reads another tenant's series", () => {
    const queries = panelsOf(dashboard).flatMap(expressionsOf);
    expect(queries).toHaveLength(23);
    expect(queries.flatMap(foreign)).toEqual([]);
  });

  test.each([
    ["a query without its tenant", "tenant:quota:ratio", ["tenant:quota:ratio"]],
    ["another tenant's", "tenant:quota:ratio{tenant='acme'}", ["tenant:quota:ratio"]],
    ["more than its own", "tenant:quota:ratio{tenant=~'acme-corp'}", ["tenant:quota:ratio"]],
    ["one operand of two", "tenant:quota:ratio{tenant='acme-corp'} / tenant:info", ["tenant:info"]],
  ])("the check of that sees %s", (_, expr, metrics) => {
    expect(foreign(expr)).toEqual(metrics);
  });

  test("another tenant's dashboard has nothing of this one", () => {
    const other = tenantDashboard({ ...ACME, id: "small-biz", name: "Small Biz", namespace: "tenant-small-biz" });
    expect(other).not.toMatch(/acme/i);
    expect(other.replaceAll("small-biz", "acme-corp").replaceAll("Small Biz", "Acme Corporation")).toBe(json);
  });

  test("every place of the model that waits for a tenant's value has one", () => {
    expect(json).not.toContain("@");
  });

  test("a name with signs of JSON is read as it is written", () => {
    const name = 'O\'Neil "and" Sons \\ Co @id@';
    expect(parse(tenantDashboard({ ...ACME, name })).title).toBe(`${name} (acme-corp)`);
  });

  test("requests are counted at the gateway only, where each is counted once", () => {
    expect(query("Requests a minute")[0]).toContain(
      "istio_requests_total{namespace='istio-ingress',reporter='source',destination_service_namespace='tenant-acme-corp'}",
    );
  });

  test("shows requests against the rate limit, which is not stacked on them", () => {
    const panel = panelOf(dashboard, "Requests a minute");
    expect(query("Requests a minute")[1]).toBe("vector(6000)");
    expect(panel.fieldConfig?.defaults.custom).toEqual({ fillOpacity: 20, stacking: { mode: "normal" } });
    expect(panel.fieldConfig?.overrides).toEqual([
      {
        matcher: { id: "byName", options: "limit" },
        properties: [
          { id: "custom.lineStyle", value: { fill: "dash" } },
          { id: "custom.stacking", value: { mode: "none" } },
          { id: "custom.fillOpacity", value: 0 },
        ],
      },
    ]);
  });

  test("shows P50, P95 and P99 against the brief's 500 ms", () => {
    expect(query("Latency")).toEqual([
      "tenant:latency_milliseconds:p50_5m{tenant='acme-corp'}",
      "tenant:latency_milliseconds:p95_5m{tenant='acme-corp'}",
      "tenant:latency_milliseconds:p99_5m{tenant='acme-corp'}",
    ]);
    expect(boundsOf(panelOf(dashboard, "Latency"))).toEqual([
      [null, "green"],
      [400, "orange"],
      [500, "red"],
    ]);
  });

  test("shows server errors against what the tier's objective allows", () => {
    expect(query("Server errors")).toEqual([
      "tenant:errors:rate5m{tenant='acme-corp'} / (tenant:requests:rate5m{tenant='acme-corp'} > 0)",
      "tier:error_budget:ratio{tier='enterprise'}",
    ]);
  });

  test("shows how much of the error budget is left, below zero too", () => {
    const panel = panelOf(dashboard, "Error budget left, of three days");
    expect(panel.fieldConfig?.defaults.min).toBeUndefined();
    expect(boundsOf(panel)).toEqual([
      [null, "red"],
      [0, "orange"],
      [0.5, "green"],
    ]);
  });

  test("shows CPU and memory against what the quota guarantees, and connections against the role's limit", () => {
    expect(query("CPU by service, in cores")[1]).toBe(
      "kube_resourcequota{namespace='tenant-acme-corp',type='hard',resource='requests.cpu'}",
    );
    expect(query("Memory by service")[1]).toContain("resource='requests.memory'");
    expect(query("Database connections")).toEqual([
      "sql_tenant_connections{tenant='acme-corp'}",
      "sql_tenant_connection_limit{tenant='acme-corp'}",
    ]);
  });

  test("leads to the namespace's graph in Kiali and the tenant's traces in Jaeger", () => {
    const urls = (dashboard.links ?? []).flatMap(({ url }) => (url === undefined ? [] : [url]));
    expect(urls).toEqual([
      "http://localhost:20001/kiali/console/graph/namespaces?namespaces=tenant-acme-corp",
      "http://localhost:16686/search?service=project-service.tenant-acme-corp&tags=%7B%22tenant%22%3A%22tenant-acme-corp%22%7D",
    ]);
  });

  test("stays small: every one is kept in Terraform's state", () => {
    expect(json.length).toBeLessThan(10_500);
    const id = "x".repeat(40);
    const longest = tenantDashboard({ ...ACME, id, namespace: `tenant-${id}`, name: "N".repeat(100) });
    expect(longest.length).toBeLessThan(12_000);
  });
});

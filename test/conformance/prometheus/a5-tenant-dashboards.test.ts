import { join } from "node:path";
import { loadEnvironment } from "../../../config";
import { planMetrics } from "../../../constructs/observability/metrics-plan";
import { exportManifests } from "../../../tools/manifests/export";
import { record } from "../criteria";
import { report } from "../engines/cache";
import { measured } from "../page";
import { Run } from "../run";
import { prometheusVersion } from "./binaries";
import { measureBudget, overBudget, shown } from "./budget";
import { MonitoredCluster } from "./cluster";
import { type PanelQuery, panelQueries } from "./dashboards";
import { expressionOf } from "./grafana";
import { type PanelResult, runPanel } from "./panels";
import { budgetTable, panelTable } from "./tables";

/** A standard tenant and a starter: one of 200 and one of 250 are no tier's trouble. */
const SLOW = "company-0005";
const ALSO_SLOW = "company-0010";
const TENANTS_LOOKED_AT = ["company-0000", SLOW, "company-0009"];

/** At ten times the brief's average of 19 requests a second over 500 tenants, and for once equally spread. */
const REQUESTS_PER_SECOND = 2;

const MINUTES = 60_000;
jest.setTimeout(10 * MINUTES);

describe("Rules and dashboards of 500 tenants on a real Prometheus", () => {
  const run = Run.current();
  const objects = exportManifests(run.outDir).map(({ object }) => object);
  const plan = planMetrics(loadEnvironment(undefined));
  const cluster = new MonitoredCluster(objects, join(run.folder, "prometheus"), plan);
  const uids = new Set(["fleet", "gateway", "database", "cost", ...TENANTS_LOOKED_AT.map((id) => `tenant-${id}`)]);
  const queries = panelQueries(objects, (uid) => uids.has(uid)).filter(({ datasource }) => datasource === "prometheus");

  beforeAll(() => cluster.start(queries.map(expressionOf)));
  const rows: string[][] = [];

  afterAll(async () => {
    await cluster.stop();
    record({
      id: "A5",
      title: "an operator sees every tenant's metrics, and hears of the one that is in trouble",
      text: [
        `A small exporter shows Prometheus the series that Istio, Envoy, kube-state-metrics, cAdvisor and the database's exporter would`,
        `show it of ${cluster.fleet.length} tenants and 15 gateways, and six hours of their past. Rules and dashboards are the synthesized ones;`,
        `every query is asked as Grafana asks it. Looked at: all shared dashboards, and those of one tenant of each tier.`,
      ].join("\n"),
      columns: ["check", "to hold", "seen"],
      rows,
      engines: [`Prometheus ${prometheusVersion()}`],
    });
  });

  const alertedTenants = async () => (await cluster.firing()).flatMap(({ tenant }) => tenant ?? []);
  const query = (dashboard: string, panel: string): PanelQuery => {
    const found = queries.find((candidate) => candidate.dashboard === dashboard && candidate.panel === panel);
    if (found === undefined) {
      throw new Error(`dashboard ${dashboard} has no panel "${panel}"`);
    }
    return found;
  };

  test("no alert fires for 500 tenants at rest but the one that always does", async () => {
    await cluster.pass(2);
    expect(await cluster.firing()).toEqual([{ name: "Watchdog" }]);
    rows.push(["alerts with all tenants at rest", "none", "none but Watchdog, which always fires"]);
  });

  test("one tenant made slow is the only one alerted; the gateway is at its maximum", async () => {
    await cluster.change({ requestsPerSecond: REQUESTS_PER_SECOND, slow: [SLOW] });
    await cluster.until("an alert", async () => (await alertedTenants()).includes(SLOW));
    await cluster.pass(2);
    expect(await cluster.firing()).toEqual([
      { name: "GatewayAtMaxReplicas" },
      { name: "TenantLatencyBudgetBurn", tenant: SLOW },
      { name: "Watchdog" },
    ]);
    rows.push(["one tenant made slow", "it is the only one alerted", "TenantLatencyBudgetBurn of this tenant alone"]);
  });

  test("every rule can be evaluated", async () => {
    expect(await cluster.client.failingRules()).toEqual([]);
    rows.push(["rules that cannot be evaluated", "none", "none"]);
  });

  test("it is the first of the fleet dashboard's ranking by latency", async () => {
    const [first, second] = await cluster.client.query(expressionOf(query("fleet", "P99 latency")));
    expect(first?.metric).toMatchObject({ tenant: SLOW, tier: "standard" });
    expect(Number(first?.points[0]?.[1])).toBeGreaterThan(1_000);
    expect(Number(second?.points[0]?.[1])).toBeLessThan(500);
    const latency = (series: typeof first): string => measured(Number(series?.points[0]?.[1]), "ms");
    rows.push([
      "the fleet dashboard's ranking by P99",
      "begins with it",
      `it with ${latency(first)}, the next with ${latency(second)}`,
    ]);
  });

  test("series and memory stay within the plan", async () => {
    const budget = await measureBudget(cluster.client, plan, SLOW);
    report(budgetTable(budget));
    expect(overBudget(budget)).toEqual([]);
    rows.push(
      ...budget.map(({ name, unit, measured: seen, budget: most }) => [
        name,
        `at most ${shown(most)} ${unit}`.trimEnd(),
        measured(seen, unit),
      ]),
    );
  });

  test("every query of every panel returns data within two seconds, for now and for six hours", async () => {
    const results: PanelResult[] = [];
    for (const each of queries) {
      results.push(await runPanel(cluster.client, each));
    }
    report(panelTable(results));
    expect(new Set(results.map((result) => result.query.dashboard))).toEqual(uids);
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    const slowest = (times: readonly number[]): string => measured(Math.max(...times), "ms");
    rows.push(
      [
        "every query of every panel, for now",
        "data within 2 s",
        `slowest ${slowest(results.map(({ instant }) => instant))}`,
      ],
      [
        "every query of every panel, over six hours",
        "data within 2 s",
        `slowest ${slowest(results.map(({ range }) => range))}`,
      ],
    );
  });

  test("a panel on a metric that does not exist is caught", async () => {
    const sound = query("fleet", "P99 latency");
    const target = { ...sound.target, expr: String(sound.target["expr"]).replace("tenant:latency", "tenant:delay") };
    const { problems } = await runPanel(cluster.client, { ...sound, target });
    expect(problems).toEqual([
      expect.stringMatching(/^fleet, "P99 latency", now: no data for topk\(.*tenant:delay/),
      expect.stringMatching(/^fleet, "P99 latency", six hours: no data for topk\(.*tenant:delay/),
    ]);
    rows.push([
      "counter-check: a panel on a metric that does not exist",
      "is noticed",
      "no data, now and over six hours",
    ]);
  });

  test("a second slow tenant is alerted too, and one response code more at the gateway is over the budget", async () => {
    await cluster.change({ requestsPerSecond: REQUESTS_PER_SECOND, slow: [SLOW, ALSO_SLOW], furtherCodes: 1 });
    await cluster.until("a second alert", async () => (await alertedTenants()).includes(ALSO_SLOW));
    expect(await alertedTenants()).toEqual([SLOW, ALSO_SLOW]);
    const problems = async () => overBudget(await measureBudget(cluster.client, plan, SLOW));
    await cluster.until("every gateway's series", async () => (await problems()).length > 1);
    expect(await problems()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^series in the head, of the plan: /),
        "series of a tenant in one gateway: 90 of 75",
      ]),
    );
    rows.push(
      ["counter-check: a second slow tenant", "is alerted too", "both"],
      ["counter-check: one response code more at the gateway", "is over the budget", "90 series of a tenant for 75"],
    );
  });
});

import { join } from "node:path";
import { loadEnvironment } from "../../../config";
import { planMetrics } from "../../../constructs/observability/metrics-plan";
import { exportManifests } from "../../../tools/manifests/export";
import { report } from "../engines/cache";
import { Run } from "../run";
import { measureBudget, overBudget } from "./budget";
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
  afterAll(() => cluster.stop());

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
  });

  test("every rule can be evaluated", async () => {
    expect(await cluster.client.failingRules()).toEqual([]);
  });

  test("it is the first of the fleet dashboard's ranking by latency", async () => {
    const [first, second] = await cluster.client.query(expressionOf(query("fleet", "P99 latency")));
    expect(first?.metric).toMatchObject({ tenant: SLOW, tier: "standard" });
    expect(Number(first?.points[0]?.[1])).toBeGreaterThan(1_000);
    expect(Number(second?.points[0]?.[1])).toBeLessThan(500);
  });

  test("series and memory stay within the plan", async () => {
    const rows = await measureBudget(cluster.client, plan, SLOW);
    report(budgetTable(rows));
    expect(overBudget(rows)).toEqual([]);
  });

  test("every query of every panel returns data within two seconds, for now and for six hours", async () => {
    const results: PanelResult[] = [];
    for (const each of queries) {
      results.push(await runPanel(cluster.client, each));
    }
    report(panelTable(results));
    expect(new Set(results.map((result) => result.query.dashboard))).toEqual(uids);
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
  });

  test("a panel on a metric that does not exist is caught", async () => {
    const sound = query("fleet", "P99 latency");
    const target = { ...sound.target, expr: String(sound.target["expr"]).replace("tenant:latency", "tenant:delay") };
    const { problems } = await runPanel(cluster.client, { ...sound, target });
    expect(problems).toEqual([
      expect.stringMatching(/^fleet, "P99 latency", now: no data for topk\(.*tenant:delay/),
      expect.stringMatching(/^fleet, "P99 latency", six hours: no data for topk\(.*tenant:delay/),
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
  });
});

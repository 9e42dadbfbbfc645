import { ENVIRONMENTS, type Environment, HOURS_PER_MONTH, INSTANCE_PRICES } from "../../../config";
import type { Tenant, TenantRow } from "../../../tenancy";
import { briefComparison, costDifference, type CostReport, costReport } from "../../../tools/cost/report";
import { daytimeDemand, monthlyRequests } from "../../../tools/cost/usage";
import { parseFleet } from "../../../tools/limits/fleet-file";
import { generateRows, tenantsJson } from "../../support/fleet";

const environment = ENVIRONMENTS.production;

function tenantsOf(rows: readonly TenantRow[]): readonly Tenant[] {
  return parseFleet(tenantsJson(rows), environment, "tenants.json").tenants;
}

function report(rows: readonly TenantRow[], of: Environment = environment): CostReport {
  return costReport(of, tenantsOf(rows));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function line({ lines }: CostReport, id: string) {
  const found = lines.find((one) => one.id === id);
  if (found === undefined) {
    throw new Error(`no line ${id}`);
  }
  return found;
}

const ROWS = generateRows(100);

describe("costReport", () => {
  test("shares out every cent: the tenants' parts are the fleet's cost", () => {
    const { net, tenants, tiers } = report(ROWS);
    expect(sum(tenants.map(({ total }) => total))).toBeCloseTo(net, 6);
    expect(sum(tiers.map(({ total }) => total))).toBeCloseTo(net, 6);
    expect(sum(tenants.map((t) => t.compute + t.database + t.traffic + t.platform))).toBeCloseTo(net, 6);
  });

  test("is the on-demand sum of all lines less what the settings save already", () => {
    const { lines, gross, net, savings } = report(ROWS);
    expect(gross).toBeCloseTo(sum(lines.map(({ quantity, price }) => quantity * price.usd)), 6);
    const inForce = savings.filter((saving) => saving.inForce);
    expect(net).toBeCloseTo(gross - sum(inForce.map(({ usd }) => usd)), 6);
  });

  test("brings in each active tenant's price, and nothing from one that is suspended", () => {
    const rows: TenantRow[] = [
      { id: "big", name: "Big", tier: "enterprise" },
      { id: "small", name: "Small", tier: "starter" },
      { id: "asleep", name: "Asleep", tier: "standard", state: "suspended" },
    ];
    const { revenue, net, margin, tenants } = report(rows);
    expect(revenue).toBe(499 + 29);
    expect(margin).toBeCloseTo(revenue - net, 6);
    expect(tenants.find(({ id }) => id === "asleep")).toMatchObject({ price: 0, compute: 0, traffic: 0, pods: 0 });
    expect(tenants.find(({ id }) => id === "asleep")?.database).toBeGreaterThan(0);
  });

  test("gives more of the nodes to a tenant with more replicas, and no other part but pods'", () => {
    const [small, large] = report([
      { id: "one", name: "One", tier: "enterprise" },
      { id: "two", name: "Two", tier: "enterprise", overrides: { replicas: { min: 6 } } },
    ]).tenants;
    expect(large?.compute).toBeGreaterThan(small?.compute ?? Infinity);
    expect(large?.database).toBeCloseTo(small?.database ?? 0, 6);
    expect(large?.traffic).toBeCloseTo(small?.traffic ?? 0, 6);
  });

  test("pays for the nodes that requests need, not for those at rest in the settings", () => {
    const few = line(report(generateRows(10)), "nodes-enterprise").quantity / HOURS_PER_MONTH;
    expect(few).toBe(environment.cluster.nodeGroups.enterprise.min);
    const many = line(report(generateRows(400)), "nodes-enterprise").quantity / HOURS_PER_MONTH;
    expect(many).toBeGreaterThan(environment.cluster.nodeGroups.enterprise.desired);
  });

  test("throws for a region without prices", () => {
    expect(() => report(ROWS, { ...environment, region: "us-east-1" })).toThrow(
      "config/prices.ts: no prices for region us-east-1; known: ap-northeast-1",
    );
  });

  test("throws for an instance class without a price, naming those that have one", () => {
    const database = { ...environment.database, instanceClass: "db.t4g.large" };
    expect(() => report(ROWS, { ...environment, database })).toThrow(
      'config/platform.ts: instance class "db.t4g.large" has no price; ' +
        "known: db.r6g.large, db.r6g.xlarge, db.r6g.2xlarge, db.r6g.4xlarge",
    );
  });
});

describe("savings of nights", () => {
  test("are nothing while the brief's traffic moves no autoscaler", () => {
    expect(report(ROWS).savings.find(({ id }) => id === "scale-down")?.usd).toBe(0);
  });

  test("are the day's further nodes, outside of working hours", () => {
    // 12,000 requests a minute at one replica of 20 millicores: the busiest hour takes all it may have.
    const busy = generateRows(100).map((row): TenantRow => ({
      id: row.id,
      name: row.name,
      tier: "enterprise",
      overrides: { rateClass: "enterprise-plus", replicas: { min: 1, max: 2 } },
    }));
    const tenants = tenantsOf(busy).map((tenant) => ({
      ...tenant,
      tier: { ...tenant.tier, container: { ...tenant.tier.container, requestsCpuMilli: 20 } },
    }));
    expect(tenants.map((tenant) => daytimeDemand(tenant).pods)).toEqual(tenants.map(() => 6));
    const saving = costReport(environment, tenants).savings.find(({ id }) => id === "scale-down");
    const node = (INSTANCE_PRICES["m6i.xlarge"]?.usd ?? 0) * HOURS_PER_MONTH;
    const nodes = (saving?.usd ?? 0) / node / (1 - 50 / 168);
    expect(nodes).toBeGreaterThanOrEqual(1);
    expect(nodes).toBeCloseTo(Math.round(nodes), 6);
  });
});

describe("briefComparison", () => {
  test("has the brief's table with its total of $2,946, and $1,996 after its savings", () => {
    const { lines, tenants } = briefComparison(environment, tenantsOf(generateRows(50)));
    expect(tenants).toBe(500);
    const brief = lines.filter(({ saving }) => !saving).map((one) => one.brief);
    expect(sum(brief)).toBe(2_946);
    expect(sum(lines.map((one) => one.brief))).toBe(1_996);
    expect(lines.every(({ reason }) => reason.length > 0)).toBe(true);
  });

  test("counts reservations as bought, and of the other savings those that are on", () => {
    const tenants = tenantsOf(generateRows(500));
    const { savings } = costReport(environment, tenants);
    const of = (...ids: readonly string[]): number =>
      sum(savings.filter(({ id }) => ids.includes(id)).map(({ usd }) => usd));
    const ours = Object.fromEntries(
      briefComparison(environment, tenants).lines.map(({ name, ours: usd }) => [name, usd]),
    );
    expect(ours["Saving: reservations"]).toBeCloseTo(-of("compute-commitment", "database-reservation"), 6);
    expect(ours["Saving: spot nodes"]).toBeCloseTo(-of("spot"), 6);
    expect(of("spot-first")).toBeGreaterThan(0);
    expect(ours["Saving: monitoring"]).toBeCloseTo(-of("metrics", "logs", "traces"), 6);
  });

  test("leaves none of our lines out, and counts none twice", () => {
    const tenants = tenantsOf(generateRows(500));
    const { lines } = briefComparison(environment, tenants);
    const { gross } = costReport(environment, tenants);
    expect(sum(lines.filter(({ saving }) => !saving).map(({ ours }) => ours))).toBeCloseTo(gross, 6);
  });

  test("says why the brief's instance class does not do", () => {
    const { lines } = briefComparison(environment, tenantsOf(generateRows(500)));
    expect(lines.find(({ name }) => name === "RDS instance")?.reason).toBe(
      "db.r6g.xlarge: the brief's db.r6g.large cannot hold its own 1,500 connections; these tenants need 1,450",
    );
  });
});

describe("costDifference", () => {
  const before = report(ROWS);

  test("is empty for the same fleet", () => {
    expect(costDifference(before, report(ROWS))).toEqual({ net: 0, revenue: 0, lines: [], tenants: [] });
  });

  test("names a tenant that came, with the lines that it moves and what it pays", () => {
    const difference = costDifference(before, report([...ROWS, { id: "newcomer", name: "New", tier: "standard" }]));
    expect(difference.revenue).toBe(99);
    expect(difference.tenants.map(({ id }) => id)).toEqual(["newcomer"]);
    expect(difference.tenants[0]).not.toHaveProperty("before");
    expect(difference.lines.map(({ name }) => name)).toContain("Data to the Internet");
    expect(sum(difference.lines.map((one) => one.after - one.before))).toBeCloseTo(difference.net, 1);
  });

  test("names a tenant whose tier changes, and not its neighbours", () => {
    const rows = ROWS.map((row): TenantRow => (row.id === "company-0000" ? { ...row, tier: "standard" } : row));
    const { tenants, revenue } = costDifference(before, report(rows));
    expect(tenants.map(({ id, before: was, after: is }) => [id, was?.tier, is?.tier])).toEqual([
      ["company-0000", "starter", "standard"],
    ]);
    expect(revenue).toBe(99 - 29);
  });
});

describe("monthlyRequests", () => {
  test("come to the brief's 50 million for its 500 tenants in the usual mix", () => {
    expect(sum(tenantsOf(generateRows(500)).map(monthlyRequests))).toBeCloseTo(50_000_000, 0);
  });
});

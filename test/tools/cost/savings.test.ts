import { type Environment, ENVIRONMENTS, type SavingsSettings } from "../../../config";
import { planMetrics } from "../../../constructs/observability";
import { COLLECTION_INTERVAL_SECONDS } from "../../../constructs/cluster/container-insights";
import type { Tenant, TenantRow } from "../../../tenancy";
import { MONITORING_DEFAULTS, monitoringOf } from "../../../tools/cost/lines";
import { type CostReport, costReport } from "../../../tools/cost/report";
import type { Saving, SavingId } from "../../../tools/cost/savings";
import { parseFleet } from "../../../tools/limits/fleet-file";
import { generateRows, tenantsJson } from "../../support/fleet";

const production = ENVIRONMENTS.production;

/** US dollars a month of an m6i.large: 730 hours at $0.124. */
const NODE = 90.52;

function withSavings(savings: Partial<SavingsSettings>, more: Partial<Environment> = {}): Environment {
  return { ...production, ...more, savings: { ...production.savings, ...savings } };
}

/** A pool whose floor of 20 nodes is more than a small fleet needs. */
function withFloor(savings: Partial<SavingsSettings>): Environment {
  const { nodeGroups } = production.cluster;
  const standard = { ...nodeGroups.standard, min: 20, desired: 20 };
  return withSavings(savings, { cluster: { ...production.cluster, nodeGroups: { ...nodeGroups, standard } } });
}

function tenantsOf(rows: readonly TenantRow[]): readonly Tenant[] {
  return parseFleet(tenantsJson(rows), production, "tenants.json").tenants;
}

function report(environment: Environment, rows: readonly TenantRow[] = generateRows(100)): CostReport {
  return costReport(environment, tenantsOf(rows));
}

function find({ savings }: CostReport, id: SavingId): Saving {
  const found = savings.find((saving) => saving.id === id);
  if (found === undefined) {
    throw new Error(`no saving ${id}`);
  }
  return found;
}

/** Nodes of a line: its on-demand price over a node's. */
function nodes({ lines }: CostReport, id: string): number {
  return (lines.find((line) => line.id === id)?.usd ?? 0) / NODE;
}

/** What the month costs less under some settings than under others. */
function cheaper(before: CostReport, after: CostReport): number {
  return before.net - after.net;
}

describe("Brief: Cost – savings", () => {
  const now = report(production);

  test("say of each whether it is on, what it saves, from which setting, and what it risks", () => {
    expect(now.savings.map(({ id, inForce }) => [id, inForce])).toEqual([
      ["spot", true],
      ["spot-first", false],
      ["compute-commitment", false],
      ["database-reservation", false],
      ["scale-down", true],
      ["working-hours", false],
      ["suspended", true],
      ["metrics", true],
      ["logs", true],
      ["traces", true],
    ]);
    for (const { basis, risk, usd, byLine } of now.savings) {
      expect(basis).not.toBe("");
      expect(risk).not.toBe("");
      expect(usd).toBeCloseTo(
        Object.values(byLine).reduce((sum, amount) => sum + amount, 0),
        10,
      );
    }
  });

  test.each<[string, SavingId, Partial<SavingsSettings>]>([
    ["spot first", "spot-first", { spotFirst: true }],
    ["a Compute Savings Plan", "compute-commitment", { computeCommitment: 1 }],
    ["a reservation", "database-reservation", { databaseReserved: true }],
  ])("of %s are promised as they then come", (_, id, savings) => {
    const then = report(withSavings(savings));
    expect(find(now, id)).toMatchObject({ inForce: false });
    expect(find(then, id)).toMatchObject({ inForce: true });
    expect(find(then, id).usd).toBeCloseTo(find(now, id).usd, 6);
    expect(cheaper(now, then)).toBeCloseTo(find(now, id).usd, 6);
    expect(find(now, id).usd).toBeGreaterThan(0);
  });

  test("never take more off a line than it costs, with everything on", () => {
    const all = report(
      withFloor({
        spotShare: 0.8,
        spotFirst: true,
        computeCommitment: 1,
        databaseReserved: true,
        workingHours: { timeZone: "Asia/Tokyo", from: "08:00", until: "20:00", minOutside: 0 },
      }),
      [...generateRows(10), { id: "asleep", name: "Asleep", tier: "standard", state: "suspended" }],
    );
    expect(all.savings.every(({ inForce }) => inForce)).toBe(true);
    expect(all.lines.filter(({ net }) => net < 0)).toEqual([]);
    expect(all.net).toBeCloseTo(all.gross - all.savings.reduce((sum, { usd }) => sum + usd, 0), 6);
  });
});

describe("savings on spot", () => {
  // 100 tenants of the usual mix need 18 standard nodes.
  const half = report(production);

  test("are 60 % of each spot node", () => {
    expect([nodes(half, "nodes-standardOnDemand"), nodes(half, "nodes-standardSpot")]).toEqual([9, 9]);
    expect(find(half, "spot").usd).toBeCloseTo(9 * NODE * 0.6, 6);
  });

  test("with spot first are those of all nodes but the floor's three", () => {
    const first = report(withSavings({ spotFirst: true }));
    expect([nodes(first, "nodes-standardOnDemand"), nodes(first, "nodes-standardSpot")]).toEqual([3, 15]);
    expect(find(first, "spot").usd).toBeCloseTo(9 * NODE * 0.6, 6);
    expect(find(first, "spot-first").usd).toBeCloseTo(6 * NODE * 0.6, 6);
  });

  test("end where the spot group is full", () => {
    // A tenth of 120 nodes.
    const few = report(withSavings({ spotShare: 0.1, spotFirst: true }));
    expect([nodes(few, "nodes-standardOnDemand"), nodes(few, "nodes-standardSpot")]).toEqual([6, 12]);
  });

  test("without a spot group are what half of the pool would bring", () => {
    const none = report(withSavings({ spotShare: 0 }));
    expect(nodes(none, "nodes-standardOnDemand")).toBe(18);
    expect(none.lines.map(({ id }) => id)).not.toContain("nodes-standardSpot");
    expect(find(none, "spot")).toMatchObject({ inForce: false });
    expect(find(none, "spot").usd).toBeCloseTo(9 * NODE * 0.6, 6);
  });
});

describe("savings by commitment", () => {
  test("are 27 % of the share of on-demand nodes, spot never", () => {
    const some = report(withSavings({ computeCommitment: 0.5 }));
    // Two of system, four of enterprise at twice the price, nine of standard: 19 at $0.124, half of them at 73 %.
    expect(find(some, "compute-commitment").usd).toBeCloseTo(0.5 * 0.27 * 19 * NODE, 6);
    expect(find(some, "compute-commitment").byLine).not.toHaveProperty("nodes-standardSpot");
    expect(find(some, "compute-commitment").basis).toContain("$0.86 an hour");
  });

  test("cover no node that is away at night", () => {
    const workingHours = { timeZone: "Asia/Tokyo", from: "08:00", until: "20:00", minOutside: 0 };
    const day = report(withFloor({ spotShare: 0, computeCommitment: 1 }), []);
    const night = report(withFloor({ spotShare: 0, computeCommitment: 1, workingHours }), []);
    expect(find(day, "compute-commitment").byLine["nodes-standardOnDemand"]).toBeCloseTo(20 * NODE * 0.27, 6);
    expect(find(night, "compute-commitment").byLine["nodes-standardOnDemand"]).toBeCloseTo(3 * NODE * 0.27, 6);
  });

  test("are 30 % of the database: 730 hours at $1.08", () => {
    expect(find(report(withSavings({ databaseReserved: true })), "database-reservation").byLine).toEqual({
      database: expect.closeTo(788.4 * 0.3, 6),
    });
  });
});

describe("savings outside of working hours", () => {
  const workingHours = { timeZone: "Asia/Tokyo", from: "08:00", until: "20:00", minOutside: 2 };

  test("are the nodes that only the floor holds, for 108 of a week's 168 hours", () => {
    const scheduled = report(withFloor({ spotShare: 0, workingHours }), []);
    // The platform's own pods need 3 of the 20 nodes.
    expect(find(scheduled, "working-hours").usd).toBeCloseTo((17 * NODE * 108) / 168, 6);
    expect(cheaper(report(withFloor({ spotShare: 0 }), []), scheduled)).toBeCloseTo((17 * NODE * 108) / 168, 6);
  });

  test("are nothing where tenants' requests hold the nodes: the floor is never the ceiling", () => {
    const scheduled = report(withSavings({ workingHours }));
    expect(find(scheduled, "working-hours")).toMatchObject({ inForce: true, usd: 0 });
    expect(scheduled.net).toBeCloseTo(report(production).net, 6);
  });

  test("say what they would be while no hours are set", () => {
    const off = find(report(withFloor({ spotShare: 0 }), []), "working-hours");
    expect(off.inForce).toBe(false);
    expect(off.usd).toBeCloseTo((17 * NODE * 108) / 168, 6);
    expect(off.basis).toMatch(
      /^with savings\.workingHours: 08:00 to 20:00 Asia\/Tokyo, 0 instead of 20 standard nodes/,
    );
  });
});

describe("savings on monitoring", () => {
  test("count on the add-on's interval and the settings' retentions", () => {
    expect(monitoringOf(production)).toEqual({
      sampleSeconds: COLLECTION_INTERVAL_SECONDS,
      retentionDays: 7,
      logDays: 90,
      tracesKeptPercent: { starter: 1, standard: 2, enterprise: 10 },
    });
    expect(MONITORING_DEFAULTS).toMatchObject({ sampleSeconds: 60, retentionDays: 10, logDays: 365 });
  });

  test.each([3, 7, 14, 30])(
    "price %d days of metrics as Prometheus's volumes grow, to ten GiB",
    (metricRetentionDays) => {
      const environment = withSavings({ metricRetentionDays });
      const volumes = report(environment).lines.find(({ id }) => id === "metrics-volumes")?.net ?? 0;
      // Beside Prometheus's two: 20 GiB of Jaeger's, two of 2 GiB of Alertmanager's.
      expect(Math.abs(volumes / 0.096 - 24 - 2 * planMetrics(environment).volumeGi)).toBeLessThanOrEqual(20);
    },
  );

  test("of logs are $0.033 for each GB and month that they are not kept", () => {
    const gb = (now: CostReport): number => (now.lines.find(({ id }) => id === "logs")?.usd ?? 0) / 0.76;
    const quarter = report(production);
    expect(find(quarter, "logs").usd).toBeCloseTo((gb(quarter) * (365 - 90) * 0.033) / 30, 6);
    const month = report(withSavings({}, { logRetentionDays: 30 }));
    expect(cheaper(quarter, month)).toBeCloseTo((gb(quarter) * (90 - 30) * 0.033) / 30, 6);
  });

  test("of traces begin where all traces would not fit Jaeger's smallest volume", () => {
    // 50 million requests a month are 46 GB in 7 of 30.4 days at 4 kB, in a volume four times as large; 20 GiB are there.
    const all = 50 * 4 * (7 / (730 / 24)) * 4;
    expect(find(report(production, generateRows(500)), "traces").usd).toBeCloseTo((all - 20) * 0.096, 6);
    expect(find(report(production, generateRows(20)), "traces").usd).toBe(0);
    const kept = report(
      withSavings({ tracesKeptPercent: { starter: 100, standard: 100, enterprise: 100 } }),
      generateRows(500),
    );
    expect(find(kept, "traces").usd).toBe(0);
  });
});

describe("savings on suspended tenants", () => {
  test("are the nodes and the metrics of their pods, and change nothing else", () => {
    const rows = generateRows(100);
    const asleep = rows.map((row): TenantRow => (row.tier === "standard" ? { ...row, state: "suspended" } : row));
    const saving = find(report(production, asleep), "suspended");
    // 40 standard tenants of six pods, 60 millicores and 240 MiB each: 57 GiB, or ten nodes.
    expect(Object.keys(saving.byLine).sort()).toEqual([
      "insights",
      "logs",
      "logs-stored",
      "node-volumes",
      "nodes-standardOnDemand",
      "nodes-standardSpot",
    ]);
    const standard = (saving.byLine["nodes-standardOnDemand"] ?? 0) + (saving.byLine["nodes-standardSpot"] ?? 0);
    expect(standard).toBeCloseTo(10 * NODE, 6);
    expect(find(report(production, rows), "suspended").usd).toBe(0);
  });
});

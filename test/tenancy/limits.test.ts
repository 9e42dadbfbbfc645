import { type Environment, ENVIRONMENTS, TENANT_SERVICES, TIERS } from "../../config";
import {
  connectionPlan,
  connectionPool,
  connectionShortfalls,
  INSTANCE_MEMORY_GIB,
  parseTenants,
  PROVISIONING_CONNECTIONS,
  type Tenant,
  type TenantRow,
} from "../../tenancy";
import { generateRows, tenantsJson } from "../support/fleet";

const { production } = ENVIRONMENTS;

/** The brief's own size of the proxy: tenants × services × replicas × 0.5. */
const BRIEF_CONNECTIONS = 500 * TENANT_SERVICES.length * 2 * 0.5;

/** Tenants in the usual mix, in shards enough for any number of them. */
function fleet(count: number): readonly Tenant[] {
  return tenantsOf(generateRows(count));
}

function tenantsOf(rows: readonly TenantRow[]): readonly Tenant[] {
  return parseTenants(tenantsJson(rows), { ...production, tenantShards: 200 }, "tenants.json");
}

function on(instanceClass: string): Environment {
  return { ...production, database: { ...production.database, instanceClass } };
}

describe("connectionPool", () => {
  test.each([
    ["db.r6g.large", 1_622, 1_135],
    ["db.r6g.xlarge", 3_244, 2_270],
    ["db.r6g.2xlarge", 5_000, 3_500],
    ["db.r6g.4xlarge", 5_000, 3_500],
  ])("%s takes %d connections at the least, %d of them for the proxy", (instanceClass, maxConnections, backends) => {
    expect(connectionPool(instanceClass)).toEqual({ maxConnections, backends, reserve: maxConnections - backends });
  });

  test.each(Object.keys(INSTANCE_MEMORY_GIB))("%s keeps 30 %% for everything but the proxy", (instanceClass) => {
    const { maxConnections, reserve } = connectionPool(instanceClass);
    expect(reserve / maxConnections).toBeGreaterThanOrEqual(0.3);
    // PostgreSQL keeps 3 for superusers; RDS, its exporters and operators have the rest.
    expect(reserve).toBeGreaterThan(5 * PROVISIONING_CONNECTIONS);
  });

  test("never counts on more connections than RDS's formula gives for the whole memory", () => {
    for (const [instanceClass, gib] of Object.entries(INSTANCE_MEMORY_GIB)) {
      expect(connectionPool(instanceClass).maxConnections).toBeLessThanOrEqual((gib * 1024 ** 3) / 9_531_392);
    }
  });

  test("throws for a class whose memory it does not know", () => {
    expect(() => connectionPool("db.t4g.micro")).toThrow(
      new Error(
        "database.instanceClass: memory of db.t4g.micro is unknown; " +
          "known: db.t4g.medium, db.t4g.large, db.r6g.large, db.r6g.xlarge, db.r6g.2xlarge, db.r6g.4xlarge",
      ),
    );
  });
});

describe("connectionPlan", () => {
  test("counts 500 tenants' limits by tier, and a backend each with a tenth of them at their limits", () => {
    expect(connectionPlan(production, fleet(500))).toEqual({
      instanceClass: "db.r6g.xlarge",
      maxConnections: 3_244,
      backends: 2_270,
      reserve: 974,
      activeTenants: 500,
      limits: { starter: 250 * 3, standard: 200 * 6, enterprise: 50 * 20 },
      oversubscription: 2_950 / 2_270,
      burst: { enterprise: 50 * 19 },
      expectedPeak: 1_450,
    });
  });

  test("the brief's 1,500 connections and our 1,450 both fit production's class and not the brief's own", () => {
    expect(BRIEF_CONNECTIONS).toBe(1_500);
    const { backends, expectedPeak } = connectionPlan(production, fleet(500));
    expect(expectedPeak).toBeLessThanOrEqual(BRIEF_CONNECTIONS);
    expect(backends).toBeGreaterThan(BRIEF_CONNECTIONS);
    expect(connectionPool("db.r6g.large").backends).toBeLessThan(expectedPeak);
  });

  test("a tenant whose role may not log in takes nothing", () => {
    const rows = generateRows(10);
    const suspended = rows.map((row): TenantRow => ({ ...row, state: "suspended" }));
    expect(connectionPlan(production, tenantsOf(suspended))).toMatchObject({
      activeTenants: 0,
      limits: {},
      expectedPeak: 0,
    });
  });

  test("an override counts as it stands in the row", () => {
    const [row] = generateRows(1);
    const raised = tenantsOf([{ ...row, overrides: { connectionLimit: 6 } } as TenantRow]);
    expect(connectionPlan(production, raised)).toMatchObject({ limits: { starter: 6 }, expectedPeak: 6 });
  });
});

describe("connectionShortfalls", () => {
  test.each([
    ["production", 500],
    ["staging", 100],
  ] as const)("%s holds %d tenants", (name, count) => {
    expect(connectionShortfalls(ENVIRONMENTS[name], fleet(count))).toEqual([]);
  });

  test("names the next class, and the tier that takes most, where bursts no longer fit", () => {
    expect(connectionShortfalls(on("db.r6g.large"), fleet(500))).toEqual([
      "database.instanceClass: db.r6g.large leaves the proxy 1135 connections; " +
        "500 active tenants and their bursts need 1450; take db.r6g.xlarge or larger, or " +
        "lower connectionLimit of tier enterprise and of its overrides, which take 950 of them",
    ]);
  });

  test("what it advises helps: the next class, or the tier's lower limit", () => {
    const tenants = fleet(500);
    expect(connectionShortfalls(on("db.r6g.xlarge"), tenants)).toEqual([]);
    const lowered = tenants.map((tenant) => ({
      ...tenant,
      connectionLimit: Math.min(tenant.connectionLimit, TIERS.standard.connectionLimit),
    }));
    expect(connectionShortfalls(on("db.r6g.large"), lowered)).toEqual([]);
  });

  test("no lower limit is advised where the tenants alone are too many", () => {
    expect(connectionShortfalls(on("db.t4g.medium"), fleet(300))).toEqual([
      "database.instanceClass: db.t4g.medium leaves the proxy 283 connections; " +
        "300 active tenants need one each; take db.t4g.large or larger",
    ]);
  });

  test("says so when no class holds the fleet", () => {
    expect(connectionShortfalls(on("db.r6g.4xlarge"), fleet(3_600))).toEqual([
      "database.instanceClass: db.r6g.4xlarge leaves the proxy 3500 connections; " +
        "3600 active tenants need one each; no class has as many: give the tenants a second instance",
    ]);
  });

  test("the last tenant that fits fits, and the next does not", () => {
    const exactly = connectionPool("db.t4g.medium").backends;
    const one = (tenant: Tenant): Tenant => ({ ...tenant, connectionLimit: 1 });
    const tenants = fleet(exactly + 1).map(one);
    expect(connectionShortfalls(on("db.t4g.medium"), tenants.slice(0, exactly))).toEqual([]);
    expect(connectionShortfalls(on("db.t4g.medium"), tenants)).toHaveLength(1);
  });
});

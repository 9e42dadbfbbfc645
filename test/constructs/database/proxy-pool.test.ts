import { TENANT_SERVICES, TIERS } from "../../../config";
import { proxyPool } from "../../../constructs/database/proxy-pool";

/** The brief's own size of the proxy: tenants × services × replicas × 0.5. */
const BRIEF_CONNECTIONS = 500 * TENANT_SERVICES.length * 2 * 0.5;

describe("proxyPool", () => {
  test("leaves 30 % of the instance's connections to everything but the proxy", () => {
    expect(proxyPool("db.r6g.xlarge")).toEqual({
      maxConnections: 3_604,
      backends: 2_522,
      maxConnectionsPercent: 70,
      maxIdleConnectionsPercent: 14,
      borrowTimeoutSeconds: 120,
    });
  });

  test("keeps one idle backend open for each of 500 tenants", () => {
    for (const instanceClass of ["db.r6g.large", "db.r6g.xlarge", "db.r6g.2xlarge"]) {
      const pool = proxyPool(instanceClass);
      const idle = (pool.maxConnections * pool.maxIdleConnectionsPercent) / 100;
      expect(idle).toBeGreaterThanOrEqual(500);
      expect(pool.maxIdleConnectionsPercent).toBeLessThan(pool.maxConnectionsPercent);
    }
  });

  test("the brief's 1,500 connections fit production's class and not the brief's own", () => {
    expect(BRIEF_CONNECTIONS).toBe(1_500);
    expect(proxyPool("db.r6g.xlarge").backends).toBeGreaterThan(BRIEF_CONNECTIONS);
    expect(proxyPool("db.r6g.large").backends).toBe(1_261);
  });

  test("never counts more connections than RDS allows by default", () => {
    expect(proxyPool("db.r6g.4xlarge").maxConnections).toBe(5_000);
  });

  test("throws for a class whose memory it does not know", () => {
    expect(() => proxyPool("db.t4g.micro")).toThrow(
      new Error(
        "database.instanceClass: memory of db.t4g.micro is unknown; " +
          "known: db.t4g.medium, db.t4g.large, db.r6g.large, db.r6g.xlarge, db.r6g.2xlarge, db.r6g.4xlarge",
      ),
    );
  });

  test("throws for a class that cannot hold one backend for every tenant", () => {
    expect(() => proxyPool("db.t4g.medium")).toThrow(
      new Error("database.instanceClass: db.t4g.medium leaves the proxy 315 connections; 500 tenants need one each"),
    );
  });

  test("throws for a tier whose tenants may drain the pool", () => {
    const { enterprise } = TIERS;
    const greedy = { ...enterprise, overrideLimits: { ...enterprise.overrideLimits, connectionLimit: 253 } };
    expect(() => proxyPool("db.r6g.xlarge", { enterprise: greedy })).toThrow(
      new Error("tier enterprise: one tenant may take 253 of the proxy's 2522 connections; allowed: 10 %"),
    );
    const bounded = { ...enterprise, overrideLimits: { ...enterprise.overrideLimits, connectionLimit: 252 } };
    expect(() => proxyPool("db.r6g.xlarge", { enterprise: bounded })).not.toThrow();
  });
});

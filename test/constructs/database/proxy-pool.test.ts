import { TIERS } from "../../../config";
import { proxyPool } from "../../../constructs/database/proxy-pool";
import { connectionPool } from "../../../tenancy";

describe("proxyPool", () => {
  test("leaves 30 % of the instance's connections to everything but the proxy", () => {
    expect(proxyPool("db.r6g.xlarge")).toEqual({
      maxConnectionsPercent: 70,
      maxIdleConnectionsPercent: 16,
      borrowTimeoutSeconds: 120,
    });
  });

  test("keeps one idle backend open for each of 500 tenants", () => {
    for (const instanceClass of ["db.r6g.large", "db.r6g.xlarge", "db.r6g.2xlarge"]) {
      const pool = proxyPool(instanceClass);
      const idle = (connectionPool(instanceClass).maxConnections * pool.maxIdleConnectionsPercent) / 100;
      expect(idle).toBeGreaterThanOrEqual(500);
      expect(pool.maxIdleConnectionsPercent).toBeLessThan(pool.maxConnectionsPercent);
    }
  });

  test("throws for a class that cannot hold one backend for every tenant", () => {
    expect(() => proxyPool("db.t4g.medium")).toThrow(
      new Error("database.instanceClass: db.t4g.medium leaves the proxy 283 connections; 500 tenants need one each"),
    );
  });

  test("throws for a tier whose tenants may drain the pool", () => {
    const { enterprise } = TIERS;
    const greedy = { ...enterprise, overrideLimits: { ...enterprise.overrideLimits, connectionLimit: 228 } };
    expect(() => proxyPool("db.r6g.xlarge", { enterprise: greedy })).toThrow(
      new Error("tier enterprise: one tenant may take 228 of the proxy's 2270 connections; allowed: 10 %"),
    );
    const bounded = { ...enterprise, overrideLimits: { ...enterprise.overrideLimits, connectionLimit: 227 } };
    expect(() => proxyPool("db.r6g.xlarge", { enterprise: bounded })).not.toThrow();
  });
});

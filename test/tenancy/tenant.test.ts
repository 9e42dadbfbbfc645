import { ENVIRONMENTS, TIER_NAMES, TIERS, TENANT_SERVICES } from "../../config";
import { parseTenants, peakDemand, shortfalls, type Tenant, type TenantRow } from "../../tenancy";
import { tenantsJson } from "../support/fleet";

function resolve(row: Partial<TenantRow>): Tenant {
  const rows: TenantRow[] = [{ id: "acme", name: "Acme", tier: "standard", ...row }];
  const [tenant] = parseTenants(tenantsJson(rows), ENVIRONMENTS.production, "tenants.json");
  if (tenant === undefined) {
    throw new Error("no tenant");
  }
  return tenant;
}

describe("a tenant without overrides", () => {
  test.each(TIER_NAMES)("of tier %s has the tier's figures", (tier) => {
    const tenant = resolve({ tier });
    expect(tenant).toMatchObject({
      state: "active",
      quota: TIERS[tier].quota,
      replicas: TIERS[tier].replicas,
      rateClass: tier,
      connectionLimit: TIERS[tier].connectionLimit,
    });
    expect(tenant.canary).toBeUndefined();
  });

  test.each(TIER_NAMES)("of tier %s fits its quota with sidecars and one surge pod", (tier) => {
    expect(shortfalls(resolve({ tier }))).toEqual([]);
  });
});

describe("overrides", () => {
  test("reach quota, replicas, rate class and connection limit, and leave the rest to the tier", () => {
    const tenant = resolve({
      overrides: { quota: { pods: 40 }, replicas: { min: 3 }, rateClass: "enterprise", connectionLimit: 9 },
    });
    expect(tenant.quota).toEqual({ ...TIERS.standard.quota, pods: 40 });
    expect(tenant.replicas).toEqual({ min: 3, max: 3 });
    expect(tenant.rateClass).toBe("enterprise");
    expect(tenant.connectionLimit).toBe(9);
  });

  test("a smaller maximum takes the minimum along", () => {
    expect(resolve({ overrides: { replicas: { max: 1 } } }).replicas).toEqual({ min: 1, max: 1 });
  });

  test("a release of the row's is every service's", () => {
    expect(resolve({ release: "2.0.0" }).releases).toEqual(
      Object.fromEntries(TENANT_SERVICES.map((service) => [service.name, "2.0.0"])),
    );
  });

  test("a canary takes 10 % unless told otherwise (brief: 90/10)", () => {
    const services = ["project-service", "task-service", "user-service"];
    expect(resolve({ canary: { release: "2.0.0" } }).canary).toEqual({ release: "2.0.0", weight: 10, services });
    expect(resolve({ canary: { release: "2.0.0", weight: 25 } }).canary?.weight).toBe(25);
  });

  test("a second release is of the services named, and Flagger's are told apart from them", () => {
    const { canary, flagger } = resolve({
      canary: { release: "2.0.0", services: ["task-service"], flagger: ["user-service"] },
    });
    expect({ services: canary?.services, flagger }).toEqual({ services: ["task-service"], flagger: ["user-service"] });
    expect(resolve({ canary: { flagger: ["user-service"] } }).canary).toBeUndefined();
    expect(resolve({}).flagger).toEqual([]);
  });
});

describe("peak demand", () => {
  test("counts each service at its largest, a surge pod, and the sidecars", () => {
    const { quota } = peakDemand(resolve({ tier: "standard" }));
    const { container, sidecar } = TIERS.standard;
    expect(quota.pods).toBe(3 * 3 + 1);
    expect(quota.limitsCpu).toBeCloseTo((10 * (container.limitsCpuMilli + sidecar.limitsCpuMilli)) / 1_000);
    expect(quota.requestsMemoryGi).toBeCloseTo((10 * (container.requestsMemoryMi + sidecar.requestsMemoryMi)) / 1_024);
  });
});

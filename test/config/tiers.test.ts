import { RATE_CLASSES, TIER_NAMES, TIERS } from "../../config";

describe("Brief: tiers", () => {
  test.each([
    ["starter", { requestsCpu: 1, requestsMemoryGi: 2, limitsCpu: 2, limitsMemoryGi: 4, pods: 10 }, 29],
    ["standard", { requestsCpu: 2, requestsMemoryGi: 4, limitsCpu: 4, limitsMemoryGi: 8, pods: 25 }, 99],
    ["enterprise", { requestsCpu: 4, requestsMemoryGi: 8, limitsCpu: 16, limitsMemoryGi: 32, pods: 100 }, 499],
  ] as const)("%s has the brief's quota and price", (tier, quota, priceUsd) => {
    expect(TIERS[tier].quota).toEqual(quota);
    expect(TIERS[tier].priceUsd).toBe(priceUsd);
  });
});

describe("tiers", () => {
  test.each(TIER_NAMES)("%s may itself have what an override of it may reach", (name) => {
    const { quota, replicas, rateClass, connectionLimit, overrideLimits } = TIERS[name];
    expect(overrideLimits.rateClasses).toContain(rateClass);
    expect(overrideLimits.maxReplicas).toBeGreaterThanOrEqual(replicas.max);
    expect(overrideLimits.connectionLimit).toBeGreaterThanOrEqual(connectionLimit);
    for (const figure of ["requestsCpu", "requestsMemoryGi", "limitsCpu", "limitsMemoryGi", "pods"] as const) {
      expect(overrideLimits.quota[figure]).toBeGreaterThanOrEqual(quota[figure]);
    }
  });

  test("a larger tier is never served less", () => {
    const limits = TIER_NAMES.map((name) => RATE_CLASSES[TIERS[name].rateClass].requestsPerMinute);
    expect([...limits].sort((a, b) => a - b)).toEqual(limits);
  });
});

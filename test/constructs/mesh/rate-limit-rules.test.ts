import { RATE_CLASSES } from "../../../config";
import { rateLimitRules } from "../../../constructs/mesh/rate-limit-rules";

describe("rateLimitRules", () => {
  const { domain, descriptors } = rateLimitRules();

  test.each(Object.entries(RATE_CLASSES))(
    "each tenant of class %s has a counter of its own from one rule",
    (name, rateClass) => {
      expect(descriptors).toContainEqual({
        key: "tier",
        value: name,
        descriptors: [
          { key: "tenant", rate_limit: { unit: "minute", requests_per_unit: rateClass.requestsPerMinute } },
        ],
      });
    },
  );

  test("a route without a class is held to the largest", () => {
    expect(descriptors.at(-1)).toEqual({
      key: "tier",
      descriptors: [{ key: "tenant", rate_limit: { unit: "minute", requests_per_unit: 12_000 } }],
    });
  });

  test("names no tenant, so that no tenant's change reaches it", () => {
    const values = JSON.stringify(descriptors).match(/"key":"tenant","value"/g);
    expect(values).toBeNull();
    expect(domain).toBe("gateway");
  });
});

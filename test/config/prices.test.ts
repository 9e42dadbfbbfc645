import {
  DATABASE_PRICES,
  DISCOUNTS,
  ENVIRONMENTS,
  INSTANCE_PRICES,
  PRICED_REGION,
  PRICES,
  nodeGroupPlans,
} from "../../config";

const TABLE = { ...INSTANCE_PRICES, ...DATABASE_PRICES, ...PRICES };

describe("prices", () => {
  test.each(Object.entries(TABLE))("%s has an amount, a unit, a source and a month", (_, price) => {
    expect(price.usd).toBeGreaterThan(0);
    expect(price.unit).not.toBe("");
    expect(price.source).not.toBe("");
    expect(price.date).toMatch(/^\d{4}-\d{2}$/);
  });

  test.each(Object.entries(DISCOUNTS))(
    "%s leaves a part of the price and says that it is an assumption",
    (_, discount) => {
      expect(discount.factor).toBeGreaterThan(0);
      expect(discount.factor).toBeLessThan(1);
      expect(discount.confidence).toBe("assumed");
    },
  );

  test.each(Object.values(ENVIRONMENTS))("cover what environment $name runs on", (environment) => {
    const { region, database } = environment;
    expect(region).toBe(PRICED_REGION);
    expect(DATABASE_PRICES).toHaveProperty([database.instanceClass]);
    for (const { instanceTypes } of Object.values(nodeGroupPlans(environment))) {
      expect(INSTANCE_PRICES).toHaveProperty([instanceTypes[0] ?? ""]);
    }
  });

  test("of derived lines stand to the listed ones as their sources say", () => {
    expect(INSTANCE_PRICES["m6i.xlarge"]?.usd).toBe(2 * (INSTANCE_PRICES["m6i.large"]?.usd ?? 0));
    const large = DATABASE_PRICES["db.r6g.large"]?.usd ?? 0;
    expect(DATABASE_PRICES["db.r6g.xlarge"]?.usd).toBe(2 * large);
    expect(DATABASE_PRICES["db.r6g.2xlarge"]?.usd).toBe(4 * large);
    expect(DATABASE_PRICES["db.r6g.4xlarge"]?.usd).toBe(8 * large);
  });
});

import {
  checkedEnvironment,
  type Environment,
  ENVIRONMENTS,
  InputError,
  nodeGroupPlans,
  type SavingsSettings,
  savingsProblems,
  shareOutside,
} from "../../config";

const production = ENVIRONMENTS.production;
const HOURS = { timeZone: "Asia/Tokyo", from: "08:00", until: "20:00", minOutside: 1 };

function withSavings(savings: Partial<SavingsSettings>, more: Partial<Environment> = {}): Environment {
  return { ...production, ...more, savings: { ...production.savings, ...savings } };
}

describe("nodeGroupPlans", () => {
  const sizes = (environment: Environment) => {
    const { standardOnDemand, standardSpot } = nodeGroupPlans(environment);
    return [standardOnDemand, standardSpot].map((plan) => plan && [plan.min, plan.desired, plan.max]);
  };

  test("divide the standard pool in halves, as the brief has it, with the floor on demand", () => {
    expect(sizes(production)).toEqual([
      [3, 5, 60],
      [0, 5, 60],
    ]);
    expect(sizes(ENVIRONMENTS.staging)).toEqual([
      [1, 1, 3],
      [0, 1, 3],
    ]);
  });

  test("never start with fewer on-demand nodes than the floor", () => {
    expect(sizes(withSavings({ spotShare: 0.9 }))).toEqual([
      [3, 3, 12],
      [0, 7, 108],
    ]);
  });

  test("have no spot group without a share: EKS knows no group of at most 0 nodes", () => {
    const plans = nodeGroupPlans(withSavings({ spotShare: 0 }));
    expect(plans).not.toHaveProperty("standardSpot");
    expect(plans.standardOnDemand).toMatchObject({ min: 3, desired: 10, max: 120 });
  });

  test("give spot several types, and on demand one", () => {
    const { standardOnDemand, standardSpot } = nodeGroupPlans(production);
    expect(standardOnDemand.instanceTypes).toEqual(["m6i.large"]);
    expect(standardSpot?.instanceTypes.length).toBeGreaterThan(1);
  });
});

describe("shareOutside", () => {
  test.each([
    ["08:00", "20:00", 108 / 168],
    ["09:30", "18:00", 125.5 / 168],
  ])("of %s to %s counts nights and whole weekends", (from, until, share) => {
    expect(shareOutside({ from, until })).toBeCloseTo(share, 10);
  });
});

describe("savingsProblems", () => {
  test.each(Object.values(ENVIRONMENTS))("finds none in $name", (environment) => {
    expect(savingsProblems(environment)).toEqual([]);
    expect(checkedEnvironment(environment)).toBe(environment);
  });

  test("finds none in working hours that hold", () => {
    expect(savingsProblems(withSavings({ workingHours: HOURS }))).toEqual([]);
  });

  test.each<[string, Environment, string]>([
    ["a share above 1", withSavings({ spotShare: 1.5 }), "savings.spotShare is 1.5; allowed: 0 to 1"],
    ["a share below 0", withSavings({ spotShare: -0.1 }), "savings.spotShare is -0.1; allowed: 0 to 1"],
    [
      "a share that leaves no room for the floor",
      withSavings({ spotShare: 0.98 }),
      "savings.spotShare is 0.98; allowed: what leaves the standard pool's min of 3 nodes of its max of 120 on demand",
    ],
    [
      "a time zone that nobody knows",
      withSavings({ workingHours: { ...HOURS, timeZone: "Asia/Tokio" } }),
      'savings.workingHours.timeZone is "Asia/Tokio"; allowed: an IANA name such as Asia/Tokyo',
    ],
    [
      "a day that ends before it starts",
      withSavings({ workingHours: { ...HOURS, from: "20:00", until: "08:00" } }),
      'savings.workingHours.until is "08:00"; allowed: a time later than 20:00, on the same day',
    ],
    [
      "a day that ends when it starts",
      withSavings({ workingHours: { ...HOURS, until: "08:00" } }),
      'savings.workingHours.until is "08:00"; allowed: a time later than 08:00, on the same day',
    ],
    [
      "what is no time",
      withSavings({ workingHours: { ...HOURS, from: "8:00" } }),
      'savings.workingHours.from is "8:00"; allowed: 00:00 to 23:59',
    ],
    [
      "a floor outside that is no lower",
      withSavings({ workingHours: { ...HOURS, minOutside: 3 } }),
      "savings.workingHours.minOutside is 3; allowed: 0 to 2, below the standard pool's min",
    ],
    [
      "a commitment to more than there is",
      withSavings({ computeCommitment: 2 }),
      "savings.computeCommitment is 2; allowed: 0 to 1",
    ],
    [
      "a term without a sourced price",
      withSavings({ commitmentTerm: "three-years" as "one-year" }),
      'savings.commitmentTerm is "three-years"; allowed: one-year: config/prices.ts has no source for another',
    ],
    [
      "metrics shorter than an alert reads",
      withSavings({ metricRetentionDays: 2 }),
      "savings.metricRetentionDays is 2; allowed: whole days from 3 on",
    ],
    [
      "more traces than there are",
      withSavings({ tracesKeptPercent: { starter: 1, standard: 101, enterprise: 10 } }),
      "savings.tracesKeptPercent.standard is 101; allowed: 0 to 100",
    ],
    [
      "a retention that CloudWatch does not have",
      withSavings({}, { logRetentionDays: 100 }),
      "logRetentionDays is 100; allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, " +
        "2192, 2557, 2922, 3288, 3653",
    ],
  ])("refuses %s", (_, environment, problem) => {
    expect(savingsProblems(environment)).toEqual([`production: ${problem}`]);
  });

  test("are reported all at once, each with its place", () => {
    const environment = withSavings(
      { spotShare: 2, workingHours: { ...HOURS, timeZone: "JST", until: "07:00" } },
      { logRetentionDays: 8 },
    );
    expect(() => checkedEnvironment(environment)).toThrow(InputError);
    expect(() => checkedEnvironment(environment)).toThrow(
      /^config\/platform\.ts, production: savings\.spotShare is 2; .*\nconfig\/platform\.ts, production: logRetentionDays is 8; .*\n.*timeZone is "JST"; .*\n.*until is "07:00"; [^\n]*$/,
    );
  });
});

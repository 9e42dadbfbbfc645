import { type Environment, ENVIRONMENTS } from "../../config";
import { changedFiles, synthPlatform } from "../support/platform";

const production = ENVIRONMENTS.production;
const BEFORE = synthPlatform([]);

function withSavings(savings: Partial<Environment["savings"]>): ReadonlyMap<string, string> {
  return synthPlatform([], { ...production, savings: { ...production.savings, ...savings } });
}

const stack = (name: string): string => `stacks/${name}/cdk.tf.json`;

describe("a setting of savings", () => {
  test.each<[string, Partial<Environment["savings"]>, readonly string[]]>([
    ["spotShare", { spotShare: 0.8 }, ["eks"]],
    ["spotFirst", { spotFirst: true }, ["mesh"]],
    [
      "workingHours",
      { workingHours: { timeZone: "Asia/Tokyo", from: "08:00", until: "20:00", minOutside: 1 } },
      ["eks"],
    ],
    ["metricRetentionDays", { metricRetentionDays: 14 }, ["observability"]],
    ["tracesKeptPercent", { tracesKeptPercent: { starter: 0.1, standard: 2, enterprise: 10 } }, ["observability"]],
    ["computeCommitment", { computeCommitment: 0.7 }, []],
    ["databaseReserved", { databaseReserved: true }, []],
  ])("%s changes the stack that it is about, and no other", (_, savings, stacks) => {
    expect(changedFiles(BEFORE, withSavings(savings))).toEqual(stacks.map(stack));
  });

  test("of working hours lowers the floor that the alarm of missing nodes knows, too", () => {
    const eks = withSavings({
      workingHours: { timeZone: "Asia/Tokyo", from: "08:00", until: "20:00", minOutside: 1 },
    }).get(stack("eks"));
    expect(eks).toContain('"aws_autoscaling_schedule"');
    expect(eks).toContain("Under 6 nodes report to CloudWatch");
  });

  test("of retention is Prometheus's age and its volumes' size", () => {
    const observability = withSavings({ metricRetentionDays: 14 }).get(stack("observability"));
    expect(observability).toContain('\\"retention\\":\\"14d\\"');
    expect(observability).toContain('\\"storage\\":\\"160Gi\\"');
  });
});

import { ENVIRONMENTS, LIMITS, PODS_PER_NODE, nodeGroupPlans } from "../../config";
import { MAX_PODS } from "../../constructs/cluster/node-user-data";
import { SERIES_CEILING } from "../../constructs/observability/metrics-plan";
import { MAX_STACK_RESOURCES } from "../../tenancy";
import { vcpusOf } from "../../tools/limits/node-capacity";

describe("limits", () => {
  test.each(Object.entries(LIMITS))("%s has a positive value, a source and the month it was read in", (_, limit) => {
    expect(limit.value).toBeGreaterThan(0);
    expect(limit.source).not.toBe("");
    expect(limit.date).toMatch(/^\d{4}-\d{2}$/);
  });

  test("repeat what the code that they speak of holds itself to", () => {
    expect(PODS_PER_NODE).toBe(MAX_PODS);
    expect(LIMITS["stack-resources"].value).toBe(MAX_STACK_RESOURCES);
    expect(LIMITS["prometheus-series"].value).toBe(SERIES_CEILING);
  });

  test("count on vCPU quotas that let every node group grow to its largest", () => {
    const { system, enterprise, standardOnDemand, standardSpot } = nodeGroupPlans(ENVIRONMENTS.production);
    const vcpus = ({ max, instanceTypes }: typeof system): number => max * vcpusOf(instanceTypes[0] ?? "");
    expect(vcpus(system) + vcpus(enterprise) + vcpus(standardOnDemand)).toBeLessThanOrEqual(
      LIMITS["on-demand-vcpus"].value,
    );
    expect(standardSpot ? vcpus(standardSpot) : NaN).toBeLessThanOrEqual(LIMITS["spot-vcpus"].value);
  });

  test("that AWS has to raise start below what the platform counts on", () => {
    const raised = Object.values(LIMITS).filter((limit) => "raisedFrom" in limit);
    expect(raised).toHaveLength(2);
    for (const limit of raised) {
      expect(limit.raisedFrom).toBeLessThan(limit.value);
      expect(limit.adjustable).toBe(true);
    }
  });
});

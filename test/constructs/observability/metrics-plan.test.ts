import { ENVIRONMENTS } from "../../../config";
import { planMetrics } from "../../../constructs/observability";

describe("planMetrics", () => {
  test("plans production for 500 tenants and every gateway the autoscaler may start", () => {
    expect(planMetrics(ENVIRONMENTS.production)).toEqual({
      tenants: 500,
      series: 1_491_000,
      memoryRequestGi: 6,
      memoryLimitGi: 11,
      volumeGi: 80,
      retentionSizeGi: 64,
    });
  });

  test("a replica fits an m6i.xlarge, of whose 16 GiB Kubernetes and the daemons take three", () => {
    expect(planMetrics(ENVIRONMENTS.production).memoryLimitGi).toBeLessThanOrEqual(13);
  });

  test("staging is sized by its own shards", () => {
    const staging = planMetrics(ENVIRONMENTS.staging);
    expect(staging.tenants).toBe(50);
    expect(staging.memoryRequestGi).toBeLessThan(planMetrics(ENVIRONMENTS.production).memoryRequestGi);
    expect(staging.volumeGi).toBe(20);
  });
});

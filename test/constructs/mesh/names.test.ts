import { OBSERVABILITY } from "../../../constructs/mesh/names";
import { OBSERVABILITY_SERVICES } from "../../../constructs/observability/services";

describe("OBSERVABILITY", () => {
  test("names the Services that the observability stack makes afterwards", () => {
    expect(OBSERVABILITY.prometheusUrl).toBe(OBSERVABILITY_SERVICES.prometheus.url);
    expect(OBSERVABILITY.prometheusPort).toBe(OBSERVABILITY_SERVICES.prometheus.port);
    expect(OBSERVABILITY.traceCollector).toBe(OBSERVABILITY_SERVICES.traceCollector.host);
  });
});

import { canary } from "../../../constructs/mesh/canary";
import { FALLBACK_TRAFFIC_POLICY } from "../../../constructs/mesh/mesh-defaults";
import type { Json } from "./support";

describe("Brief: Flagger (analysis)", () => {
  const { spec }: Json = canary({
    name: "api-gateway",
    namespace: "shared-services",
    host: "api.taskflow.example.com",
    trafficPolicy: FALLBACK_TRAFFIC_POLICY,
    primaryReplicas: "copied",
  });

  test("analyses each minute, takes back after 5 failed checks, and goes in steps of 10 % up to 50 %", () => {
    expect(spec.analysis).toMatchObject({ interval: "1m", threshold: 5, maxWeight: 50, stepWeight: 10 });
  });

  test("wants 99 % of requests to succeed and answers within 500 ms", () => {
    expect(spec.analysis.metrics).toEqual([
      { name: "request-success-rate", thresholdRange: { min: 99 }, interval: "1m" },
      { name: "request-duration", thresholdRange: { max: 500 }, interval: "1m" },
    ]);
  });

  test("calls the new version through the load tester, before and during the rollout", () => {
    expect(spec.analysis.webhooks.map((webhook: { type: string }) => webhook.type)).toEqual(["pre-rollout", "rollout"]);
    for (const webhook of spec.analysis.webhooks) {
      expect(webhook.url).toBe("http://flagger-loadtester.shared-services.svc.cluster.local:8080/");
      expect(webhook.metadata.cmd).toContain("api-gateway-canary.shared-services.svc.cluster.local:8080");
    }
  });

  test("the route is for the platform's own host, at the ingress gateway", () => {
    expect(spec.service).toMatchObject({
      hosts: ["api.taskflow.example.com"],
      gateways: ["istio-ingress/taskflow"],
      port: 8080,
      targetPort: 8080,
    });
  });

  test("Flagger's rules bear what its CRD knows of the pool and outlier figures, and leave mutual TLS automatic", () => {
    expect(spec.service.trafficPolicy).toEqual({
      connectionPool: {
        http: { http1MaxPendingRequests: 500, http2MaxRequests: 2000, maxRequestsPerConnection: 100, maxRetries: 3 },
      },
      outlierDetection: {
        consecutive5xxErrors: 3,
        interval: "10s",
        baseEjectionTime: "30s",
        maxEjectionPercent: 50,
      },
    });
  });
});

describe("a Canary without a host of its own", () => {
  const { spec }: Json = canary({
    name: "task-service",
    namespace: "tenant-acme",
    trafficPolicy: FALLBACK_TRAFFIC_POLICY,
    primaryReplicas: { min: 2, max: 6 },
  });

  test("is routed to by delegation, which allows neither hosts nor gateways, and leaves timeout and retries to the root", () => {
    expect(Object.keys(spec.service)).toEqual([
      "port",
      "targetPort",
      "portName",
      "appProtocol",
      "delegation",
      "trafficPolicy",
    ]);
    expect(spec.service.delegation).toBe(true);
  });

  test("gives the primary's autoscaler bounds of its own", () => {
    expect(spec.autoscalerRef.primaryScalerReplicas).toEqual({ minReplicas: 2, maxReplicas: 6 });
  });
});

import { MeshDefaults } from "../../../constructs/mesh/mesh-defaults";
import { synthInCluster } from "../../support/synth";
import { manifestsOf, specOf } from "./support";

describe("MeshDefaults", () => {
  const json = synthInCluster((scope) => new MeshDefaults(scope, "defaults", { dependsOn: [] }));

  test("everything stands in the root namespace, where it holds for the whole mesh", () => {
    expect(manifestsOf(json).map((object) => object.metadata.namespace)).toEqual(Array(4).fill("istio-system"));
  });

  describe("Brief: Istio + Envoy (STRICT mTLS, pools and outlier detection)", () => {
    test("plaintext is refused by every pod", () => {
      expect(specOf(json, "PeerAuthentication")).toEqual({ mtls: { mode: "STRICT" } });
    });

    test("the fallback DestinationRule has the brief's figures", () => {
      expect(specOf(json, "DestinationRule")).toEqual({
        host: "*.svc.cluster.local",
        trafficPolicy: {
          connectionPool: {
            tcp: { maxConnections: 1000, connectTimeout: "10s" },
            http: {
              http1MaxPendingRequests: 500,
              http2MaxRequests: 2000,
              maxRequestsPerConnection: 100,
              maxRetries: 3,
            },
          },
          outlierDetection: {
            consecutive5xxErrors: 3,
            interval: "10s",
            baseEjectionTime: "30s",
            maxEjectionPercent: 50,
          },
        },
      });
    });

    test("the fallback states no TLS mode, which would replace automatic mutual TLS", () => {
      expect(specOf(json, "DestinationRule").trafficPolicy).not.toHaveProperty("tls");
    });
  });

  test("a sidecar knows its own namespace, istiod, the shared services and the trace collector", () => {
    expect(specOf(json, "Sidecar")).toEqual({
      egress: [
        {
          hosts: ["./*", "shared-services/*", "observability/jaeger-collector.observability.svc.cluster.local"],
        },
      ],
    });
  });

  test("failed and slow requests are logged, by the JSON provider", () => {
    expect(specOf(json, "Telemetry").accessLogging).toEqual([
      {
        providers: [{ name: "access-log" }],
        filter: { expression: "response.code >= 400 || request.duration > duration('500ms')" },
      },
    ]);
  });

  test("every request is traced: which traces are kept is the collector's choice", () => {
    const [tracing] = specOf(json, "Telemetry").tracing;
    expect(tracing.providers).toEqual([{ name: "otel-tracing" }]);
    expect(tracing.randomSamplingPercentage).toBe(100);
  });

  test("a span bears its tenant's namespace, at the gateway too, and in a tenant's sidecar the tier", () => {
    const [tracing] = specOf(json, "Telemetry").tracing;
    expect(tracing.customTags).toEqual({
      tenant: {
        formatter: {
          value:
            "%CEL(xds.node.metadata.NAMESPACE == 'istio-ingress' " +
            "? xds.cluster_metadata.filter_metadata['istio']['services'][0]['namespace'] " +
            ": xds.node.metadata.NAMESPACE)%",
        },
      },
      tier: { formatter: { value: "%CEL(xds.node.metadata.LABELS['taskflow.io/tier'])%" } },
    });
  });

  test("the size histograms are off on both sides", () => {
    expect(specOf(json, "Telemetry").metrics[0].overrides).toEqual([
      { match: { metric: "REQUEST_SIZE", mode: "CLIENT_AND_SERVER" }, disabled: true },
      { match: { metric: "RESPONSE_SIZE", mode: "CLIENT_AND_SERVER" }, disabled: true },
    ]);
  });
});

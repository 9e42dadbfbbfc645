import { RATE_CLASSES, TIER_NAMES, TIERS } from "../../../config";
import { RateLimitFilters } from "../../../constructs/mesh/rate-limit-filters";
import { synthInCluster } from "../../support/synth";
import { type Json, manifestsOf, specOf } from "./support";

describe("Brief: Istio + Envoy (EnvoyFilter rate limits)", () => {
  const json = synthInCluster((scope) => new RateLimitFilters(scope, "filters", { dependsOn: [] }));
  const patchOf = (name: string): Json => specOf(json, "EnvoyFilter", name).configPatches[0];

  test("one filter at the gateway serves all tenants, one per tier in the sidecars is the safety net", () => {
    expect(manifestsOf(json).map((object) => [object.metadata.namespace, object.metadata.name])).toEqual([
      ["istio-ingress", "global-rate-limit"],
      ["istio-system", "local-rate-limit-starter"],
      ["istio-system", "local-rate-limit-standard"],
      ["istio-system", "local-rate-limit-enterprise"],
    ]);
  });

  test("every filter stands right before the router, after authentication", () => {
    for (const object of manifestsOf(json)) {
      const [patch] = (object.spec as Json).configPatches;
      expect(patch.applyTo).toBe("HTTP_FILTER");
      expect(patch.match.listener.filterChain.filter.subFilter.name).toBe("envoy.filters.http.router");
      expect(patch.patch.operation).toBe("INSERT_BEFORE");
    }
  });

  test("each states its priority, without which its place depends on the order of creation", () => {
    expect(manifestsOf(json).map((object) => (object.spec as Json).priority)).toEqual([10, 10, 10, 10]);
  });

  describe("global limit", () => {
    const { match, patch } = patchOf("global-rate-limit");
    const filter = patch.value.typed_config;

    test("is the gateway's alone", () => {
      expect(match.context).toBe("GATEWAY");
      expect(specOf(json, "EnvoyFilter", "global-rate-limit").workloadSelector.labels).toEqual({
        istio: "ingressgateway",
      });
    });

    test("asks the service over the mesh, by its name, since the cluster's is no authority that HTTP/2 allows", () => {
      expect(filter.rate_limit_service.grpc_service.envoy_grpc).toEqual({
        cluster_name: "outbound|8081||ratelimit.shared-services.svc.cluster.local",
        authority: "ratelimit.shared-services.svc.cluster.local",
      });
    });

    test("class and tenant come from the route, out of a client's reach", () => {
      expect(filter.rate_limits[0].actions).toEqual([
        {
          extension: {
            name: "envoy.rate_limit_descriptors.expr",
            typed_config: {
              "@type": "type.googleapis.com/envoy.extensions.rate_limit_descriptors.expr.v3.Descriptor",
              descriptor_key: "tier",
              text: "xds.route_name",
            },
          },
        },
        {
          metadata: {
            descriptor_key: "tenant",
            metadata_key: { key: "istio", path: [{ key: "config" }] },
            source: "ROUTE_ENTRY",
          },
        },
      ]);
      expect(JSON.stringify(filter)).not.toContain("request_headers");
    });

    test("lets pass when the service does not answer within 50 ms", () => {
      expect(filter).toMatchObject({ failure_mode_deny: false, timeout: "0.05s", domain: "gateway" });
    });

    test("tells clients what they have left", () => {
      expect(filter.enable_x_ratelimit_headers).toBe("DRAFT_VERSION_03");
    });
  });

  describe.each(TIER_NAMES)("local limit of %s", (tier) => {
    const { match, patch } = patchOf(`local-rate-limit-${tier}`);
    const filter = patch.value.typed_config;

    test("is for the tier's pods alone, on the way in", () => {
      expect(match.context).toBe("SIDECAR_INBOUND");
      expect(specOf(json, "EnvoyFilter", `local-rate-limit-${tier}`).workloadSelector.labels).toEqual({
        "taskflow.io/tier": tier,
      });
    });

    test("holds the largest class that the tier may have", () => {
      const largest = Math.max(
        ...TIERS[tier].overrideLimits.rateClasses.map((name) => RATE_CLASSES[name].requestsPerMinute),
      );
      expect(filter.token_bucket).toEqual({
        max_tokens: largest,
        tokens_per_fill: largest,
        fill_interval: "60s",
      });
    });

    test("really strikes: both switches default to 0 %", () => {
      const always = { default_value: { numerator: 100, denominator: "HUNDRED" } };
      expect(filter).toMatchObject({ filter_enabled: always, filter_enforced: always });
    });
  });
});

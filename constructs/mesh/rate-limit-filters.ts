import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { INGRESS_GATEWAY, LABELS, NAMESPACES, RATE_CLASSES, type Tier, TIER_NAMES, TIERS } from "../../config";
import { envoyFilter, type EnvoyFilterSpec, type KubernetesObject, LocalManifests } from "../kubernetes";
import { RATE_LIMIT } from "./names";
import { DESCRIPTOR_KEYS } from "./rate-limit-rules";

export interface RateLimitFiltersProps {
  readonly dependsOn: ITerraformDependable[];
}

const TYPES = "type.googleapis.com/envoy.extensions";

/** How long a request waits for the service before it passes; answers took 3 ms at the 99th percentile (measured). */
const SERVICE_TIMEOUT = "0.05s";

/** Ours are the only filters; stated, because one that is placed beside another's filter depends on the order. */
const PRIORITY = 10;

const ALWAYS = { default_value: { numerator: 100, denominator: "HUNDRED" } };

/**
 * What holds clients to their rate. The contract is the global limit at the gateway: one filter for all tenants. The
 * safety net are local buckets in the tenants' sidecars, one filter per tier, for when the service is away or a caller
 * does not come through the gateway.
 */
export class RateLimitFilters extends Construct {
  constructor(scope: Construct, id: string, props: RateLimitFiltersProps) {
    super(scope, id);
    new LocalManifests(this, "manifests", {
      releaseName: "rate-limit-filters",
      namespace: NAMESPACES.istioSystem,
      objects: [globalLimit(), ...TIER_NAMES.map((name) => localLimit(TIERS[name]))],
      dependsOn: props.dependsOn,
    });
  }
}

/** Puts an HTTP filter right before the router: after authentication, so that refused callers are not counted. */
function beforeRouter(
  context: EnvoyFilterSpec["configPatches"][number]["match"]["context"],
  value: object,
): EnvoyFilterSpec["configPatches"][number] {
  return {
    applyTo: "HTTP_FILTER",
    match: {
      context,
      listener: {
        filterChain: {
          filter: {
            name: "envoy.filters.network.http_connection_manager",
            subFilter: { name: "envoy.filters.http.router" },
          },
        },
      },
    },
    patch: { operation: "INSERT_BEFORE", value },
  };
}

/**
 * Asks the rate limit service about each request. Class and tenant come from the route, which this repository wrote, not
 * from the request: neither a header nor a spelling of the host changes them.
 */
function globalLimit(): KubernetesObject {
  const rateClass = {
    extension: {
      name: "envoy.rate_limit_descriptors.expr",
      typed_config: {
        "@type": `${TYPES}.rate_limit_descriptors.expr.v3.Descriptor`,
        descriptor_key: DESCRIPTOR_KEYS.tier,
        text: "xds.route_name",
      },
    },
  };
  const tenant = {
    metadata: {
      descriptor_key: DESCRIPTOR_KEYS.tenant,
      // Istio writes the VirtualService's path there: /apis/networking.istio.io/v1/namespaces/<ns>/virtual-service/<name>.
      metadata_key: { key: "istio", path: [{ key: "config" }] },
      source: "ROUTE_ENTRY",
    },
  };
  return envoyFilter(
    { name: "global-rate-limit", namespace: NAMESPACES.istioIngress },
    {
      priority: PRIORITY,
      workloadSelector: { labels: { istio: INGRESS_GATEWAY.istioLabel } },
      configPatches: [
        beforeRouter("GATEWAY", {
          name: "envoy.filters.http.ratelimit",
          typed_config: {
            "@type": `${TYPES}.filters.http.ratelimit.v3.RateLimit`,
            domain: RATE_LIMIT.domain,
            timeout: SERVICE_TIMEOUT,
            // An outage of the service must not become one of every tenant.
            failure_mode_deny: false,
            enable_x_ratelimit_headers: "DRAFT_VERSION_03",
            rate_limit_service: {
              transport_api_version: "V3",
              grpc_service: {
                envoy_grpc: {
                  cluster_name: `outbound|${RATE_LIMIT.grpcPort}||${RATE_LIMIT.host}`,
                  // By default the name of the cluster, and no HTTP/2 server takes a `|` in it: the sidecar resets the stream.
                  authority: RATE_LIMIT.host,
                },
                timeout: SERVICE_TIMEOUT,
              },
            },
            rate_limits: [{ actions: [rateClass, tenant] }],
          },
        }),
      ],
    },
  );
}

/**
 * A token bucket in each sidecar of a tier's pods. Each holds the whole of the largest class that an override may give the
 * tier: what the gateway lets through never empties it, and calls between the tenant's own services, which count here
 * too, have what is left.
 */
function localLimit(tier: Tier): KubernetesObject {
  const requestsPerMinute = Math.max(
    ...tier.overrideLimits.rateClasses.map((name) => RATE_CLASSES[name].requestsPerMinute),
  );
  return envoyFilter(
    { name: `local-rate-limit-${tier.name}`, namespace: NAMESPACES.istioSystem },
    {
      priority: PRIORITY,
      workloadSelector: { labels: { [LABELS.tier]: tier.name } },
      configPatches: [
        beforeRouter("SIDECAR_INBOUND", {
          name: "envoy.filters.http.local_ratelimit",
          typed_config: {
            "@type": `${TYPES}.filters.http.local_ratelimit.v3.LocalRateLimit`,
            stat_prefix: "tier",
            token_bucket: {
              max_tokens: requestsPerMinute,
              tokens_per_fill: requestsPerMinute,
              fill_interval: "60s",
            },
            // Both default to 0 per cent: a bucket that never strikes.
            filter_enabled: ALWAYS,
            filter_enforced: ALWAYS,
            response_headers_to_add: [
              {
                append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
                header: { key: "x-rate-limited-by", value: "sidecar" },
              },
            ],
          },
        }),
      ],
    },
  );
}

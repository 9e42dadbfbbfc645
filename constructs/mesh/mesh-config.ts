import { LABELS, PORTS, TRUST_DOMAIN } from "../../config";
import { OBSERVABILITY, PROVIDERS } from "./names";

/**
 * One access log line as JSON. Paths come without their query, which may hold what nobody should read in a log.
 * Operators are Envoy's (access log format strings).
 */
const ACCESS_LOG_FIELDS = {
  start_time: "%START_TIME%",
  method: "%REQ(:METHOD)%",
  authority: "%REQ(:AUTHORITY)%",
  path: "%REQ_WITHOUT_QUERY(X-ENVOY-ORIGINAL-PATH?:PATH)%",
  protocol: "%PROTOCOL%",
  response_code: "%RESPONSE_CODE%",
  response_flags: "%RESPONSE_FLAGS%",
  response_code_details: "%RESPONSE_CODE_DETAILS%",
  duration_ms: "%DURATION%",
  bytes_received: "%BYTES_RECEIVED%",
  bytes_sent: "%BYTES_SENT%",
  route_name: "%ROUTE_NAME%",
  upstream_cluster: "%UPSTREAM_CLUSTER%",
  upstream_host: "%UPSTREAM_HOST%",
  downstream_address: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
  downstream_peer: "%DOWNSTREAM_PEER_URI_SAN%",
  request_id: "%REQ(X-REQUEST-ID)%",
  trace_id: "%TRACE_ID%",
};

/**
 * Istio's `meshConfig`. Whatever can be said as an object of Istio's API (`Telemetry`, `Sidecar`, `PeerAuthentication`)
 * is said there and not here: those take effect without a restart.
 */
export function meshConfig() {
  return {
    trustDomain: TRUST_DOMAIN,
    discoverySelectors: [{ matchLabels: { [LABELS.meshMember]: "enabled" } }],
    // A sidecar lets out only what the mesh knows. Hygiene, not a boundary (a pod can go around its own sidecar): the
    // boundary are NetworkPolicies and security groups. The few flows past Envoy stand in the sidecar's exclusions.
    outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
    meshMTLS: { minProtocolVersion: "TLSV1_3" },
    extensionProviders: [
      {
        name: PROVIDERS.accessLog,
        envoyFileAccessLog: { path: "/dev/stdout", logFormat: { labels: ACCESS_LOG_FIELDS } },
      },
      {
        name: PROVIDERS.tracing,
        opentelemetry: { service: OBSERVABILITY.traceCollector, port: PORTS.otlpGrpc },
      },
    ],
    defaultProviders: { metrics: [PROVIDERS.metrics], tracing: [PROVIDERS.tracing] },
    defaultConfig: {
      // Native sidecars order the start already; this holds where one is not in use.
      holdApplicationUntilProxyStarts: true,
      // Istio hides native statistics; this one tells that a pod's own rate limit has struck.
      proxyStatsMatcher: { inclusionSuffixes: ["http_local_rate_limit.enforced"] },
    },
  };
}

import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { NAMESPACES, OUTLIER_DETECTION } from "../../config";
import {
  destinationRule,
  LocalManifests,
  peerAuthentication,
  sidecar,
  telemetry,
  type TrafficPolicy,
} from "../kubernetes";
import { OBSERVABILITY, PROVIDERS } from "./names";

export interface MeshDefaultsProps {
  readonly dependsOn: ITerraformDependable[];
}

/** Pool and outlier detection towards a service that has no rule of its own; figures of the brief, per client Envoy. */
export const FALLBACK_TRAFFIC_POLICY = {
  connectionPool: {
    tcp: { maxConnections: 1_000, connectTimeout: "10s" },
    http: {
      http1MaxPendingRequests: 500,
      http2MaxRequests: 2_000,
      maxRequestsPerConnection: 100,
      maxRetries: 3,
    },
  },
  outlierDetection: OUTLIER_DETECTION,
} as const satisfies TrafficPolicy;

/** Traces kept, per cent of requests: half a million a month of the brief's 50 million. */
const TRACE_SAMPLING_PERCENT = 1;

/** Requests that are worth a log line: failed, or slower than the latency the brief wants at most (500 ms). */
const LOGGED_REQUESTS = "response.code >= 400 || request.duration > duration('500ms')";

/** What holds in the whole mesh unless a namespace says otherwise: objects in Istio's root namespace. */
export class MeshDefaults extends Construct {
  constructor(scope: Construct, id: string, props: MeshDefaultsProps) {
    super(scope, id);
    const namespace = NAMESPACES.istioSystem;
    new LocalManifests(this, "manifests", {
      releaseName: "mesh-defaults",
      namespace,
      objects: [
        peerAuthentication({ name: "default", namespace }, { mtls: { mode: "STRICT" } }),
        // 12 clusters a sidecar and 68 MiB instead of 1,517 and 175 (measured at 500 tenants). Gateways are not affected.
        sidecar(
          { name: "default", namespace },
          {
            egress: [
              {
                hosts: [
                  "./*",
                  `${NAMESPACES.istioSystem}/*`,
                  `${NAMESPACES.sharedServices}/*`,
                  `${NAMESPACES.observability}/${OBSERVABILITY.traceCollector}`,
                ],
              },
            ],
          },
        ),
        telemetry(
          { name: "mesh-default", namespace },
          {
            accessLogging: [{ providers: [{ name: PROVIDERS.accessLog }], filter: { expression: LOGGED_REQUESTS } }],
            tracing: [
              {
                providers: [{ name: PROVIDERS.tracing }],
                randomSamplingPercentage: TRACE_SAMPLING_PERCENT,
                // A tenant is its namespace, and Envoy knows its own.
                customTags: { tenant: { environment: { name: "POD_NAMESPACE" } } },
              },
            ],
            // Two of three histograms, two thirds of all series, and nobody's objective is about sizes.
            metrics: [
              {
                providers: [{ name: PROVIDERS.metrics }],
                overrides: ["REQUEST_SIZE", "RESPONSE_SIZE"].map((metric) => ({
                  match: { metric, mode: "CLIENT_AND_SERVER" as const },
                  disabled: true,
                })),
              },
            ],
          },
        ),
        // In the root namespace it counts only where neither the client's nor the service's namespace has a rule; in the
        // gateway's namespace it would hide every tenant's rule and its subsets. No `tls`: a stated mode would replace
        // the automatic mutual TLS.
        destinationRule(
          { name: "fallback", namespace },
          { host: "*.svc.cluster.local", trafficPolicy: FALLBACK_TRAFFIC_POLICY },
        ),
      ],
      dependsOn: props.dependsOn,
    });
  }
}

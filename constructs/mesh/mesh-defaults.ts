import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { LABELS, NAMESPACES, OUTLIER_DETECTION } from "../../config";
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

/** Per cent of requests that are traced. All: the collector keeps a few of them, once it knows which failed or were slow. */
const TRACE_SAMPLING_PERCENT = 100;

/**
 * Tags of each span, as expressions over what Envoy knows of its node and of the request's cluster (measured with Envoy
 * 1.40). A sidecar's tenant is its own namespace; the gateway's is the namespace that the route leads to.
 */
const TRACE_TAGS = {
  tenant: [
    `xds.node.metadata.NAMESPACE == '${NAMESPACES.istioIngress}'`,
    "? xds.cluster_metadata.filter_metadata['istio']['services'][0]['namespace']",
    ": xds.node.metadata.NAMESPACE",
  ].join(" "),
  tier: `xds.node.metadata.LABELS['${LABELS.tier}']`,
};

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
        // 18 clusters a sidecar and 30 MiB instead of 1,521 and 180 (docs/capacity.md, 500 tenants). Gateways are not affected, and
        // istiod is reached past Envoy's routes.
        sidecar(
          { name: "default", namespace },
          {
            egress: [
              {
                hosts: [
                  "./*",
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
                customTags: Object.fromEntries(
                  Object.entries(TRACE_TAGS).map(([tag, expression]) => [
                    tag,
                    { formatter: { value: `%CEL(${expression})%` } },
                  ]),
                ),
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

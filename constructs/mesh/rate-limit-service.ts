import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { IMAGES, LABELS, NAMESPACES, PORTS } from "../../config";
import {
  destinationRule,
  LocalManifests,
  resources,
  sidecarAnnotations,
  RESTRICTED_CONTAINER,
  RESTRICTED_POD,
} from "../kubernetes";
import { RATE_LIMIT, STORE_PORT } from "./names";
import { rateLimitRules } from "./rate-limit-rules";

export interface RateLimitServiceProps {
  /** `host:port` of the store. */
  readonly storeAddress: string;
  /** The namespace's protections, istiod. */
  readonly dependsOn: ITerraformDependable[];
}

const CONTAINER = { requestsCpuMilli: 100, requestsMemoryMi: 64, limitsCpuMilli: 1_000, limitsMemoryMi: 256 };
const SIDECAR = { requestsCpuMilli: 50, requestsMemoryMi: 96, limitsCpuMilli: 1_000, limitsMemoryMi: 256 };

/** Two that count exactly together: the counters are in the store (measured). */
const REPLICAS = 2;

const NAMESPACE = NAMESPACES.sharedServices;
const SELECTOR = { [LABELS.service]: RATE_LIMIT.service };
const CONFIG_ROOT = "/data";

/**
 * The global rate limit service. It is allowed to fail: the gateway lets pass what it cannot ask about. Readiness fails
 * with the store, so that a replica without one is asked no longer than about six seconds (measured).
 */
export class RateLimitService extends Construct {
  constructor(scope: Construct, id: string, props: RateLimitServiceProps) {
    super(scope, id);
    const { dependsOn } = props;
    const metadata = {
      name: RATE_LIMIT.service,
      namespace: NAMESPACE,
      labels: { app: RATE_LIMIT.service, ...SELECTOR },
    };

    const account = new ServiceAccountV1(this, "service-account", {
      metadata,
      automountServiceAccountToken: false,
      dependsOn,
    });
    const rules = new ConfigMapV1(this, "rules", {
      metadata,
      // JSON is YAML. The service reads it anew within seconds of a change; a broken file keeps the old rules.
      data: { "gateway.yaml": JSON.stringify(rateLimitRules(), null, 2) },
      dependsOn,
    });
    new ServiceV1(this, "service", {
      metadata,
      spec: {
        type: "ClusterIP",
        selector: SELECTOR,
        port: [
          {
            name: "grpc",
            port: RATE_LIMIT.grpcPort,
            targetPort: String(RATE_LIMIT.grpcPort),
            protocol: "TCP",
            appProtocol: "grpc",
          },
        ],
      },
      dependsOn,
    });
    new PodDisruptionBudgetV1(this, "disruption-budget", {
      metadata,
      spec: { maxUnavailable: "1", selector: { matchLabels: SELECTOR } },
      dependsOn,
    });
    new LocalManifests(this, "manifests", {
      releaseName: "rate-limit-service",
      namespace: NAMESPACE,
      objects: [connectionRule()],
      dependsOn,
    });
    this.addDeployment(props, [account, rules, ...dependsOn]);
  }

  private addDeployment(props: RateLimitServiceProps, dependsOn: ITerraformDependable[]): void {
    new DeploymentV1(this, "deployment", {
      metadata: { name: RATE_LIMIT.service, namespace: NAMESPACE, labels: SELECTOR },
      spec: {
        replicas: String(REPLICAS),
        revisionHistoryLimit: 3,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "1", maxUnavailable: "0" } },
        selector: { matchLabels: SELECTOR },
        template: {
          metadata: {
            labels: { app: RATE_LIMIT.service, ...SELECTOR },
            annotations: {
              ...sidecarAnnotations(SIDECAR),
              // Straight to the store, which is not in the mesh's registry and has TLS of its own. The annotation replaces
              // the mesh's own list, hence DNS.
              "traffic.sidecar.istio.io/excludeOutboundPorts": [PORTS.dns, STORE_PORT].join(","),
              // Merged by the sidecar into its own metrics.
              "prometheus.io/scrape": "true",
              "prometheus.io/port": String(RATE_LIMIT.metricsPort),
              "prometheus.io/path": "/metrics",
            },
          },
          spec: {
            serviceAccountName: RATE_LIMIT.service,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 30,
            nodeSelector: { [LABELS.nodePool]: "standard" },
            topologySpreadConstraint: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
              maxSkew: 1,
              topologyKey,
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: [{ matchLabels: SELECTOR }],
            })),
            securityContext: RESTRICTED_POD,
            container: [
              {
                name: RATE_LIMIT.service,
                image: IMAGES.rateLimit,
                imagePullPolicy: "Always",
                command: ["/bin/ratelimit"],
                env: Object.entries(environment(props.storeAddress)).map(([name, value]) => ({ name, value })),
                port: [
                  { name: "http", containerPort: RATE_LIMIT.httpPort, protocol: "TCP" },
                  { name: "grpc", containerPort: RATE_LIMIT.grpcPort, protocol: "TCP" },
                ],
                resources: resources(CONTAINER),
                securityContext: RESTRICTED_CONTAINER,
                readinessProbe: {
                  httpGet: { path: "/healthcheck", port: String(RATE_LIMIT.httpPort) },
                  periodSeconds: 2,
                  failureThreshold: 2,
                },
                // Alive even without its store: a restart would not bring that back.
                livenessProbe: { tcpSocket: [{ port: String(RATE_LIMIT.grpcPort) }], periodSeconds: 10 },
                volumeMount: [
                  { name: "rules", mountPath: `${CONFIG_ROOT}/${RATE_LIMIT.service}/config`, readOnly: true },
                ],
              },
            ],
            volume: [{ name: "rules", configMap: { name: RATE_LIMIT.service } }],
          },
        },
      },
      dependsOn,
    });
  }
}

/** Settings of envoyproxy/ratelimit (its `src/settings`). The store's certificate is public, hence verified as it comes. */
function environment(storeAddress: string): Readonly<Record<string, string>> {
  return {
    LOG_LEVEL: "warn",
    LOG_FORMAT: "json",
    RUNTIME_ROOT: CONFIG_ROOT,
    RUNTIME_SUBDIRECTORY: RATE_LIMIT.service,
    // A ConfigMap changes by moving a link inside the folder, and its files are links to files whose names begin with a dot.
    RUNTIME_WATCH_ROOT: "false",
    RUNTIME_IGNOREDOTFILES: "true",
    REDIS_SOCKET_TYPE: "tcp",
    REDIS_URL: storeAddress,
    REDIS_TLS: "true",
    REDIS_HEALTH_CHECK_ACTIVE_CONNECTION: "true",
    USE_PROMETHEUS: "true",
    // On by default, and the service ends at once if it is to write to both.
    USE_STATSD: "false",
  };
}

/**
 * The gateway waits 50 ms for an answer, too short for the mesh's fallback rule, under which every hundredth request
 * opens a connection.
 */
function connectionRule() {
  return destinationRule(
    { name: RATE_LIMIT.service, namespace: NAMESPACE },
    {
      host: RATE_LIMIT.host,
      exportTo: [".", NAMESPACES.istioIngress],
      trafficPolicy: {
        connectionPool: {
          tcp: { maxConnections: 100, connectTimeout: "1s" },
          http: { http2MaxRequests: 2_000 },
        },
        outlierDetection: { consecutive5xxErrors: 5, interval: "5s", baseEjectionTime: "10s", maxEjectionPercent: 50 },
        loadBalancer: { simple: "LEAST_REQUEST" },
      },
    },
  );
}

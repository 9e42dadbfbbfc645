import { CANARY_ANALYSIS, INGRESS_GATEWAY, PORTS, type Replicas } from "../../config";
import type { KubernetesObject, TrafficPolicy } from "../kubernetes";
import { LOADTESTER, serviceHost } from "./names";

/** Where the load tester calls a new version; a service's own readiness, which changes nothing of it. */
export const LOAD_TEST_PATH = "/healthz/ready";

export interface CanaryOptions {
  /** Deployment, autoscaler and, made by Flagger, Services and VirtualService of this name. */
  readonly name: string;
  readonly namespace: string;
  /**
   * Host that the ingress gateway routes to it.
   * @default - none: another VirtualService has the host and delegates to Flagger's, which takes its name, timeout and
   * retries
   */
  readonly host?: string;
  /** Pool and outlier figures. */
  readonly trafficPolicy: Pick<TrafficPolicy, "connectionPool" | "outlierDetection">;
  /**
   * Bounds of the primary's autoscaler. "copied" are those of the Deployment's own.
   * @default - no autoscaler: the primary has as many replicas as the Deployment had, and so has the canary
   */
  readonly primaryReplicas?: Replicas | "copied";
}

/**
 * Hands a Deployment's rollouts to Flagger. Flagger makes and owns `<name>`, `<name>-primary` and `<name>-canary`
 * (Services, DestinationRules, the VirtualService): nothing else may make objects of these names, but for the Service
 * `<name>`, which Flagger takes over if it is there, changing its selector and annotations alone. Its DestinationRules
 * bear the pool and outlier figures, since a service with a rule of its own gets none of a wider one's; but for `tcp`, which
 * the Canary's CRD does not know and the API server would drop in silence: connections are then bounded by requests alone,
 * and the connect timeout is Istio's default of 10 s. Its route has no name, so that the global rate limit holds it to the
 * largest class unless another delegates to it.
 */
export function canary(options: CanaryOptions): KubernetesObject {
  const { name, namespace, host, trafficPolicy, primaryReplicas } = options;
  const target = `http://${serviceHost(`${name}-canary`, namespace)}:${PORTS.http}${LOAD_TEST_PATH}`;
  return {
    apiVersion: "flagger.app/v1beta1",
    kind: "Canary",
    metadata: { name, namespace },
    spec: {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      ...(primaryReplicas === undefined ? {} : { autoscalerRef: autoscalerRef(name, primaryReplicas) }),
      progressDeadlineSeconds: 600,
      service: {
        port: PORTS.http,
        targetPort: PORTS.http,
        portName: "http",
        appProtocol: "http",
        ...(host === undefined ? { delegation: true } : gatewayRoute(host)),
        trafficPolicy: {
          ...(trafficPolicy.connectionPool?.http
            ? { connectionPool: { http: trafficPolicy.connectionPool.http } }
            : {}),
          ...(trafficPolicy.outlierDetection ? { outlierDetection: trafficPolicy.outlierDetection } : {}),
        },
      },
      analysis: {
        interval: CANARY_ANALYSIS.interval,
        threshold: CANARY_ANALYSIS.threshold,
        maxWeight: CANARY_ANALYSIS.maxWeight,
        stepWeight: CANARY_ANALYSIS.stepWeight,
        metrics: [
          {
            name: "request-success-rate",
            thresholdRange: { min: CANARY_ANALYSIS.minSuccessPercent },
            interval: CANARY_ANALYSIS.interval,
          },
          {
            name: "request-duration",
            thresholdRange: { max: CANARY_ANALYSIS.maxLatencyMs },
            interval: CANARY_ANALYSIS.interval,
          },
        ],
        webhooks: [
          {
            name: "acceptance",
            type: "pre-rollout",
            url: LOADTESTER.url,
            timeout: "30s",
            metadata: { type: "bash", cmd: `curl --fail --silent --show-error ${target}` },
          },
          // Without traffic the checks above have nothing to measure.
          {
            name: "load",
            type: "rollout",
            url: LOADTESTER.url,
            timeout: "15s",
            metadata: { type: "cmd", cmd: `hey -z 1m -q 10 -c 2 ${target}`, logCmdOutput: "true" },
          },
        ],
      },
    },
  };
}

function autoscalerRef(name: string, primary: Replicas | "copied") {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    name,
    ...(primary === "copied" ? {} : { primaryScalerReplicas: { minReplicas: primary.min, maxReplicas: primary.max } }),
  };
}

function gatewayRoute(host: string) {
  return {
    gateways: [INGRESS_GATEWAY.gateway],
    hosts: [host],
    timeout: "15s",
    retries: { attempts: 2, perTryTimeout: "5s", retryOn: "connect-failure,refused-stream,unavailable" },
  };
}

import { INGRESS_GATEWAY, PORTS } from "../../config";
import type { KubernetesObject } from "../kubernetes";
import { FALLBACK_TRAFFIC_POLICY } from "./mesh-defaults";
import { LOADTESTER, serviceHost } from "./names";

export interface CanaryOptions {
  /** Deployment, autoscaler and, made by Flagger, Services and VirtualService of this name. */
  readonly name: string;
  readonly namespace: string;
  /** Host that the ingress gateway routes to it. */
  readonly host: string;
}

/** How a new version proves itself. Figures: brief, "Flagger". */
const ANALYSIS = {
  interval: "1m",
  /** Failed checks before the rollout is taken back. */
  threshold: 5,
  /** Per cent of traffic at the last step, and how much each step adds. */
  maxWeight: 50,
  stepWeight: 10,
  minSuccessPercent: 99,
  maxLatencyMs: 500,
};

/**
 * The mesh's fallback figures but for `tcp`, which the Canary's CRD does not know and the API server would drop in
 * silence: connections are then bounded by requests alone, and the connect timeout is Istio's default of 10 s.
 */
const TRAFFIC_POLICY = {
  connectionPool: { http: FALLBACK_TRAFFIC_POLICY.connectionPool.http },
  outlierDetection: FALLBACK_TRAFFIC_POLICY.outlierDetection,
};

/**
 * Hands a Deployment's rollouts to Flagger. Flagger makes and owns `<name>`, `<name>-primary` and `<name>-canary`
 * (Services, DestinationRules, the VirtualService): nothing else may make objects of these names. Its DestinationRules
 * bear the pool and outlier figures, since a service with a rule of its own gets none of the mesh's fallback. Its route
 * has no name, so that the global rate limit holds it to the largest class.
 */
export function canary(options: CanaryOptions): KubernetesObject {
  const { name, namespace } = options;
  const target = `http://${serviceHost(`${name}-canary`, namespace)}:${PORTS.http}/healthz/ready`;
  return {
    apiVersion: "flagger.app/v1beta1",
    kind: "Canary",
    metadata: { name, namespace },
    spec: {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      autoscalerRef: { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", name },
      progressDeadlineSeconds: 600,
      service: {
        port: PORTS.http,
        targetPort: PORTS.http,
        portName: "http",
        appProtocol: "http",
        gateways: [INGRESS_GATEWAY.gateway],
        hosts: [options.host],
        timeout: "15s",
        retries: { attempts: 2, perTryTimeout: "5s", retryOn: "connect-failure,refused-stream,unavailable" },
        trafficPolicy: TRAFFIC_POLICY,
      },
      analysis: {
        interval: ANALYSIS.interval,
        threshold: ANALYSIS.threshold,
        maxWeight: ANALYSIS.maxWeight,
        stepWeight: ANALYSIS.stepWeight,
        metrics: [
          {
            name: "request-success-rate",
            thresholdRange: { min: ANALYSIS.minSuccessPercent },
            interval: ANALYSIS.interval,
          },
          {
            name: "request-duration",
            thresholdRange: { max: ANALYSIS.maxLatencyMs },
            interval: ANALYSIS.interval,
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

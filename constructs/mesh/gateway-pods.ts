import { LABELS, PORTS } from "../../config";
import { spread } from "./placement";

/**
 * How a pod ends, in seconds. For `preStop` it goes on as before while the load balancer learns that it is leaving; then
 * Envoy drains. The drain alone is shorter than the target group's deregistration delay (30 to 60), both together are
 * not: a request that the load balancer still lets finish is never cut. Both fit into `grace`.
 */
export const GATEWAY_SHUTDOWN = { preStop: 35, drain: 25, grace: 75 } as const;

/** A spot node's two minutes are too short a notice for what every tenant's traffic passes. */
const NODES = { [LABELS.nodePool]: "standard", "eks.amazonaws.com/capacityType": "ON_DEMAND" };

/** The chart's own default, which a stated context replaces, and what `restricted` asks for beside it. */
const SECURITY_CONTEXT = {
  sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

/** Where two gateways differ. */
export interface GatewayPods {
  readonly serviceAccount: string;
  /** Value of the pods' label `istio`. */
  readonly istioLabel: string;
  /** Labels and environment besides. @default - none */
  readonly besides?: { readonly labels: object; readonly env: object };
  /** The Service's port for traffic, which is the pods'. */
  readonly port: { readonly name: string; readonly port: number };
  readonly replicas: { readonly min: number; readonly max: number; readonly targetCpuPercent: number };
  /** @default - the autoscaler's own */
  readonly scaling?: { readonly autoscaleBehavior: object };
  /** Istio's proxy configuration, the drain among it. */
  readonly proxyConfig: object;
  readonly resources: object;
}

/** Values of Istio's gateway chart for pods that a target group leads to. */
export function gatewayValues(pods: GatewayPods) {
  const port = (name: string, number: number) => ({ name, port: number, targetPort: number, protocol: "TCP" });
  return {
    serviceAccount: { create: true, name: pods.serviceAccount },
    ...pods.besides,
    service: {
      // Reached through the target group alone.
      type: "ClusterIP",
      ports: [port("status-port", PORTS.envoyReadiness), port(pods.port.name, pods.port.port)],
    },
    autoscaling: {
      enabled: true,
      minReplicas: pods.replicas.min,
      maxReplicas: pods.replicas.max,
      targetCPUUtilizationPercentage: pods.replicas.targetCpuPercent,
      ...pods.scaling,
    },
    podDisruptionBudget: { maxUnavailable: 1 },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    podAnnotations: { "proxy.istio.io/config": JSON.stringify(pods.proxyConfig) },
    lifecycle: { preStop: { sleep: { seconds: GATEWAY_SHUTDOWN.preStop } } },
    terminationGracePeriodSeconds: GATEWAY_SHUTDOWN.grace,
    resources: pods.resources,
    nodeSelector: NODES,
    topologySpreadConstraints: spread({ istio: pods.istioLabel }, { zones: "DoNotSchedule" }),
    securityContext: SECURITY_CONTEXT,
  };
}

import { LABELS } from "../../config";

/** What pods of both gateways have alike. */

/**
 * How a pod ends, in seconds. For `preStop` it goes on as before while the load balancer learns that it is leaving; then
 * Envoy drains. The drain alone is shorter than the target group's deregistration delay (30 to 60), both together are
 * not: a request that the load balancer still lets finish is never cut. Both fit into `grace`.
 */
export const GATEWAY_SHUTDOWN = { preStop: 35, drain: 25, grace: 75 } as const;

/** A spot node's two minutes are too short a notice for what every tenant's traffic passes. */
export const GATEWAY_NODES = { [LABELS.nodePool]: "standard", "eks.amazonaws.com/capacityType": "ON_DEMAND" };

/** The chart's own default, which a stated context replaces, and what `restricted` asks for beside it. */
export const GATEWAY_SECURITY_CONTEXT = {
  sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

import { INGRESS_GATEWAY } from "../../../../config";
import type { FleetTenant, Workload } from "./fleet";

/** A pod of a tenant. */
export interface TenantPod {
  readonly tenant: FleetTenant;
  readonly workload: Workload;
  readonly name: string;
  readonly node: string;
}

const PODS_PER_NODE = 25;

/** Pods of the fleet, in the order of its tenants. */
export function podsOf(fleet: readonly FleetTenant[]): readonly TenantPod[] {
  const pods = fleet.flatMap((tenant) =>
    tenant.workloads.flatMap((workload) =>
      Array.from({ length: workload.replicas }, (_, index) => ({
        tenant,
        workload,
        name: `${workload.name}-7d4b9c6f58-x${String(index).padStart(4, "0")}`,
      })),
    ),
  );
  return pods.map((pod, index) => ({ ...pod, node: `ip-10-0-128-${Math.floor(index / PODS_PER_NODE)}` }));
}

/** Nodes of these pods. */
export function nodesOf(pods: readonly TenantPod[]): readonly string[] {
  return [...new Set(pods.map(({ node }) => node))];
}

/** Names of the ingress gateway's pods. */
export function gatewayPods(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${INGRESS_GATEWAY.release}-5c7d8f9b64-${index}`);
}

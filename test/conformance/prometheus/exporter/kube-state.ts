import { INGRESS_GATEWAY, LABELS, NAMESPACES } from "../../../../config";
import type { FleetTenant } from "./fleet";
import { PLANNED } from "./planned";
import { nodesOf, type TenantPod } from "./pods";
import { filler, labelText, sample } from "./samples";

/** Where the platform's own pods run; its tenants' nodes have others. */
const GATEWAY_NODE = "ip-10-0-144-1";

/** Bounds of the gateway's autoscaler (brief). */
const GATEWAY_BOUNDS = { min: 3, max: 15 };

/** What kube-state-metrics says. */
export function statePage(
  fleet: readonly FleetTenant[],
  pods: readonly TenantPod[],
  gateways: readonly string[],
): string {
  return [
    ...fleet.map(ofTenant),
    ...pods.map(({ tenant, workload, name, node }) =>
      filled(ofPod(tenant.namespace, name, node, workload.name), `namespace="${tenant.namespace}",pod="${name}"`),
    ),
    ...nodesOf(pods).map(ofNode),
    ...gateways.flatMap((pod) => ofPod(NAMESPACES.istioIngress, pod, GATEWAY_NODE, "istio-proxy")),
    ...deployment(NAMESPACES.istioIngress, INGRESS_GATEWAY.release, gateways.length),
    ...autoscaler(NAMESPACES.istioIngress, INGRESS_GATEWAY.release, gateways.length, GATEWAY_BOUNDS),
    ...deployment(NAMESPACES.sharedServices, "ratelimit", 2),
  ].join("");
}

/** A pod's lines, and as many more as the plan counts on. */
function filled(lines: readonly string[], labels: string): string {
  return lines.join("") + filler("kube_pod_status_reason", labels, PLANNED.state - lines.length);
}

function ofTenant({ namespace, labels, quota, workloads }: FleetTenant): string {
  const allowed = [LABELS.tenant, LABELS.tier, LABELS.state, LABELS.alerts].map((label) => [
    `label_${label.replaceAll(/[^A-Za-z0-9]/g, "_")}`,
    labels[label] ?? "",
  ]);
  const lines = [
    sample("kube_namespace_labels", labelText({ namespace, ...Object.fromEntries(allowed) }), 1),
    ...Object.entries(quota).flatMap(([resource, hard]) => {
      const used = workloads.reduce((sum, { replicas, takes }) => sum + replicas * (takes[resource] ?? 0), 0);
      const common = `namespace="${namespace}",resourcequota="tenant",resource="${resource}"`;
      return [
        sample("kube_resourcequota", `${common},type="hard"`, hard),
        sample("kube_resourcequota", `${common},type="used"`, used),
      ];
    }),
    ...workloads.flatMap(({ name, replicas, maxReplicas }) => [
      ...deployment(namespace, name, replicas),
      ...(maxReplicas > replicas ? autoscaler(namespace, name, replicas, { min: replicas, max: maxReplicas }) : []),
    ]),
  ];
  return (
    lines.join("") +
    filler("kube_replicaset_status_replicas", `namespace="${namespace}"`, PLANNED.tenant - lines.length)
  );
}

function deployment(namespace: string, name: string, replicas: number): readonly string[] {
  const labels = `namespace="${namespace}",deployment="${name}"`;
  return [
    sample("kube_deployment_spec_replicas", labels, replicas),
    sample("kube_deployment_status_replicas_available", labels, replicas),
  ];
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function autoscaler(namespace: string, name: string, current: number, bounds: Bounds): readonly string[] {
  const labels = `namespace="${namespace}",horizontalpodautoscaler="${name}"`;
  return [
    sample("kube_horizontalpodautoscaler_spec_min_replicas", labels, bounds.min),
    sample("kube_horizontalpodautoscaler_spec_max_replicas", labels, bounds.max),
    sample("kube_horizontalpodautoscaler_status_current_replicas", labels, current),
    sample("kube_horizontalpodautoscaler_status_desired_replicas", labels, current),
  ];
}

const PHASES = ["Pending", "Succeeded", "Failed", "Unknown", "Running"];

/** Native sidecars are init containers. */
function ofPod(namespace: string, pod: string, node: string, container: string): readonly string[] {
  const of = `namespace="${namespace}",pod="${pod}",uid="0c1a1c3e-4c0b-4d36-9d0e-0f6f4d2f5a11"`;
  const app = `${of},node="${node}",container="${container}"`;
  const sidecar = `${of},node="${node}",container="istio-proxy"`;
  return [
    ...PHASES.map((phase) => sample("kube_pod_status_phase", `${of},phase="${phase}"`, phase === "Running" ? 1 : 0)),
    sample("kube_pod_info", `${of},node="${node}",created_by_kind="ReplicaSet"`, 1),
    sample("kube_pod_container_status_restarts_total", `${of},container="${container}"`, 0),
    sample("kube_pod_init_container_status_restarts_total", `${of},container="istio-proxy"`, 0),
    ...resources("kube_pod_container_resource_requests", app),
    ...resources("kube_pod_container_resource_limits", app),
    ...resources("kube_pod_init_container_resource_requests", sidecar),
  ];
}

function resources(name: string, labels: string): readonly string[] {
  return [
    sample(name, `${labels},resource="cpu",unit="core"`, 0.1),
    sample(name, `${labels},resource="memory",unit="byte"`, 2 ** 27),
  ];
}

/** An m6i.xlarge. */
const CAPACITY = { cpu: 4, memory: 16 * 2 ** 30, pods: 58 };

function ofNode(node: string): string {
  const amounts = (name: string): string =>
    Object.entries(CAPACITY)
      .map(([resource, value]) => sample(name, `node="${node}",resource="${resource}"`, value))
      .join("");
  return (
    sample("kube_node_info", `node="${node}"`, 1) +
    amounts("kube_node_status_allocatable") +
    amounts("kube_node_status_capacity")
  );
}

import { NAMESPACES } from "../../../../config";
import { PLANNED } from "./planned";
import type { TenantPod } from "./pods";
import { filler, sample } from "./samples";

/** What a kubelet's cAdvisor says of the tenants' pods of its node. */
export function cadvisorPage(pods: readonly TenantPod[], seconds: number): string {
  return pods
    .map(({ tenant: { namespace }, workload, name }) => {
      const own = [workload.name, "istio-proxy"].flatMap((container) =>
        ofContainer(namespace, name, container, seconds),
      );
      const labels = `namespace="${namespace}",pod="${name}",image="taskflow"`;
      return own.join("") + filler("container_fs_reads_bytes_total", labels, PLANNED.cadvisor - own.length);
    })
    .join("");
}

/** The same of a node with nothing but gateways. */
export function gatewayCadvisorPage(gateways: readonly string[], seconds: number): string {
  return gateways.flatMap((pod) => ofContainer(NAMESPACES.istioIngress, pod, "istio-proxy", seconds)).join("");
}

function ofContainer(namespace: string, pod: string, container: string, seconds: number): readonly string[] {
  const labels = `namespace="${namespace}",pod="${pod}",container="${container}",image="taskflow"`;
  return [
    sample("container_cpu_usage_seconds_total", labels, seconds * 0.02),
    sample("container_memory_working_set_bytes", labels, 60 * 2 ** 20),
  ];
}

/** What the node exporter of one node says. */
export function nodePage(seconds: number): string {
  return [
    ...["idle", "user", "system"].map((mode) =>
      sample("node_cpu_seconds_total", `cpu="0",mode="${mode}"`, seconds / 3),
    ),
    sample("node_memory_MemTotal_bytes", "", 16 * 2 ** 30),
    sample("node_memory_MemAvailable_bytes", "", 6 * 2 ** 30),
  ].join("");
}

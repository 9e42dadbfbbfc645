import type { ContainerResources, Quota } from "../../config";

/** Kubernetes quantities; CPU in millicores, memory in MiB or GiB. */
export const cpu = (millicores: number): string => `${millicores}m`;
export const memoryMi = (mebibytes: number): string => `${mebibytes}Mi`;
export const memoryGi = (gibibytes: number): string => `${gibibytes}Gi`;

/** `resources` of a container. */
export function resources(container: ContainerResources) {
  return {
    requests: { cpu: cpu(container.requestsCpuMilli), memory: memoryMi(container.requestsMemoryMi) },
    limits: { cpu: cpu(container.limitsCpuMilli), memory: memoryMi(container.limitsMemoryMi) },
  };
}

/** Annotations that size the injected Envoy sidecar of a pod. */
export function sidecarAnnotations(sidecar: ContainerResources): Record<string, string> {
  return {
    "sidecar.istio.io/proxyCPU": cpu(sidecar.requestsCpuMilli),
    "sidecar.istio.io/proxyCPULimit": cpu(sidecar.limitsCpuMilli),
    "sidecar.istio.io/proxyMemory": memoryMi(sidecar.requestsMemoryMi),
    "sidecar.istio.io/proxyMemoryLimit": memoryMi(sidecar.limitsMemoryMi),
  };
}

/** Node disk of all pods of a namespace, GiB: logs and `emptyDir`. */
const EPHEMERAL_STORAGE_GI = 20;

/** What a ResourceQuota caps: CPU, memory, node disk, pods. */
export function hardLimits(quota: Quota): Record<string, string> {
  return {
    "requests.cpu": String(quota.requestsCpu),
    "requests.memory": memoryGi(quota.requestsMemoryGi),
    "limits.cpu": String(quota.limitsCpu),
    "limits.memory": memoryGi(quota.limitsMemoryGi),
    "requests.ephemeral-storage": memoryGi(EPHEMERAL_STORAGE_GI),
    "limits.ephemeral-storage": memoryGi(EPHEMERAL_STORAGE_GI),
    pods: String(quota.pods),
  };
}

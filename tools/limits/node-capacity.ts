import { InputError, PODS_PER_NODE } from "../../config";

/** What pods ask of nodes: CPU in millicores, memory in MiB. */
export interface Resources {
  readonly pods: number;
  readonly cpuMilli: number;
  readonly memoryMi: number;
}

export const RESOURCE_FIGURES = ["pods", "cpuMilli", "memoryMi"] as const;

interface InstanceType {
  readonly vcpus: number;
  readonly memoryGi: number;
}

/** Instance types that node groups may name (EC2 user guide, general purpose instances). */
const LARGE: InstanceType = { vcpus: 2, memoryGi: 8 };
const XLARGE: InstanceType = { vcpus: 4, memoryGi: 16 };
const INSTANCE_TYPES: Readonly<Record<string, InstanceType>> = {
  "m5.large": LARGE,
  "m5a.large": LARGE,
  "m6a.large": LARGE,
  "m6i.large": LARGE,
  "m6i.xlarge": XLARGE,
  "m7i.large": LARGE,
};

/** Share of an instance's memory that its kernel gives to anybody; m-type large nodes of EKS report 94 to 95 %. */
const VISIBLE_MEMORY = 0.95;

/** What nodes reserve for the kubelet (constructs/cluster/node-user-data.ts) and keep against eviction (kubelet's default). */
const RESERVED_CPU_MILLI = 80;
const RESERVED_MEMORY_MI = 255 + 11 * PODS_PER_NODE;
const EVICTION_MEMORY_MI = 100;

/** A pod that runs on every node. Requests are those of the EKS add-on or of the chart's value. */
export interface DaemonSet {
  readonly name: string;
  readonly cpuMilli: number;
  readonly memoryMi: number;
  readonly source: string;
}

export const DAEMON_SETS: readonly DaemonSet[] = [
  { name: "aws-node", cpuMilli: 50, memoryMi: 0, source: "add-on vpc-cni, CNI and network policy agent" },
  { name: "kube-proxy", cpuMilli: 100, memoryMi: 0, source: "add-on kube-proxy" },
  { name: "eks-pod-identity-agent", cpuMilli: 0, memoryMi: 0, source: "add-on eks-pod-identity-agent" },
  { name: "ebs-csi-node", cpuMilli: 30, memoryMi: 120, source: "add-on aws-ebs-csi-driver, three containers" },
  { name: "cloudwatch-agent", cpuMilli: 250, memoryMi: 128, source: "add-on amazon-cloudwatch-observability" },
  { name: "fluent-bit", cpuMilli: 50, memoryMi: 25, source: "add-on amazon-cloudwatch-observability" },
  { name: "istio-cni", cpuMilli: 25, memoryMi: 100, source: "constructs/mesh/istio-control-plane.ts" },
  {
    name: "prometheus-node-exporter",
    cpuMilli: 20,
    memoryMi: 32,
    source: "constructs/observability/exporter-values.ts",
  },
];

/** vCPUs of an instance type, as EC2's quotas count them. */
export function vcpusOf(instanceType: string): number {
  return instanceTypeOf(instanceType).vcpus;
}

/**
 * What one node offers to pods that are not DaemonSets.
 *
 * @throws InputError if the instance type is unknown
 */
export function nodeCapacity(instanceType: string): Resources {
  const { vcpus, memoryGi } = instanceTypeOf(instanceType);
  const allocatableMi = Math.floor(memoryGi * 1_024 * VISIBLE_MEMORY) - RESERVED_MEMORY_MI - EVICTION_MEMORY_MI;
  return {
    pods: PODS_PER_NODE - DAEMON_SETS.length,
    cpuMilli: vcpus * 1_000 - RESERVED_CPU_MILLI - sum(DAEMON_SETS, "cpuMilli"),
    memoryMi: allocatableMi - sum(DAEMON_SETS, "memoryMi"),
  };
}

function instanceTypeOf(name: string): InstanceType {
  const type = INSTANCE_TYPES[name];
  if (type === undefined) {
    const known = Object.keys(INSTANCE_TYPES).join(", ");
    throw new InputError(
      `config/platform.ts: size of instance type ${JSON.stringify(name)} is unknown; known: ${known}`,
    );
  }
  return type;
}

function sum(daemonSets: readonly DaemonSet[], figure: "cpuMilli" | "memoryMi"): number {
  return daemonSets.reduce((total, daemonSet) => total + daemonSet[figure], 0);
}

/**
 * Pods a node takes. With prefix delegation addresses no longer bind; Kubernetes' scalability limit and EKS's own
 * ceiling for instances below 30 vCPUs do (EKS user guide, choosing an instance type).
 */
export const MAX_PODS = 110;

/** Ends each MIME part; any text that no part contains. */
const BOUNDARY = "==TASKFLOW==";

/** `NodeConfig` of nodeadm, the bootstrapper of Amazon Linux 2023, as far as this platform sets it. */
interface NodeConfig {
  readonly apiVersion: "node.eks.aws/v1alpha1";
  readonly kind: "NodeConfig";
  readonly spec: {
    readonly kubelet: {
      readonly config: { readonly maxPods: number; readonly kubeReserved: Readonly<Record<string, string>> };
    };
  };
}

/**
 * User data that EKS merges with its own part of a managed node group: the number of pods, and memory for them.
 * nodeadm reserves for as many pods as the instance has secondary addresses (29 on a large), so a full node would run
 * out of memory by its kubelet alone; 255 MiB plus 11 MiB a pod is its formula. 80 millicores is its figure for four
 * vCPUs and above that for two.
 */
export function nodeUserData(): string {
  const nodeConfig: NodeConfig = {
    apiVersion: "node.eks.aws/v1alpha1",
    kind: "NodeConfig",
    spec: {
      kubelet: {
        config: {
          maxPods: MAX_PODS,
          kubeReserved: { cpu: "80m", memory: `${255 + 11 * MAX_PODS}Mi`, "ephemeral-storage": "1Gi" },
        },
      },
    },
  };
  const lines = [
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
    "",
    `--${BOUNDARY}`,
    "Content-Type: application/node.eks.aws",
    "",
    // JSON is YAML.
    JSON.stringify(nodeConfig),
    "",
    `--${BOUNDARY}--`,
    "",
  ];
  return Buffer.from(lines.join("\r\n"), "utf8").toString("base64");
}

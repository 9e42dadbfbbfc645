import { LABELS, SYSTEM_POOL } from "../../config";

const onSystemNodes = { nodeSelector: { [LABELS.nodePool]: SYSTEM_POOL.name } };

/**
 * VPC CNI. Without `enableNetworkPolicy` the API server accepts every NetworkPolicy and nothing enforces it.
 *
 * The enforcing mode is `standard`: a new pod is open until its policies are programmed. `strict` would start it closed,
 * but for the whole cluster at once: every pod off the host's network needs a policy, CoreDNS, the EBS CSI controller
 * and every controller of the mesh stack included, and those add-ons must be healthy before anything can create a
 * policy. A missing policy then stops DNS for all tenants. The seconds that `standard` leaves open are covered by what
 * holds from the first packet: STRICT mTLS, `deny-other-tenants`, and IAM at the database. (Network policy agent,
 * README; its issues 83, 186, 189 and 236 tell of the start-up races.)
 *
 * Policy events go to a file on the node, where a denied packet can be looked up; CloudWatch would bill each flow.
 * A /28 at a time and one spare keep 110 pods a node within the addresses of its interfaces.
 */
export const VPC_CNI_SETTINGS = {
  enableNetworkPolicy: "true",
  nodeAgent: { enablePolicyEventLogs: "true", enableCloudWatchLogs: "false" },
  env: {
    ENABLE_PREFIX_DELEGATION: "true",
    WARM_PREFIX_TARGET: "1",
    NETWORK_POLICY_ENFORCING_MODE: "standard",
  },
} as const;

/** CoreDNS off spot nodes, and as many replicas as 3,000 pods ask for. */
export const COREDNS_SETTINGS = {
  ...onSystemNodes,
  autoScaling: { enabled: true, minReplicas: 2, maxReplicas: 10 },
} as const;

/** EBS CSI driver. Its StorageClass comes with the workloads that ask for volumes. */
export const EBS_CSI_SETTINGS = {
  controller: onSystemNodes,
} as const;

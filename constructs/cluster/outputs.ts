/** What other stacks may know of the cluster. */
export interface ClusterOutputs {
  readonly name: string;
  /** HTTPS address of the Kubernetes API. */
  readonly endpoint: string;
  /** Base64 PEM of the API's certificate authority. */
  readonly certificateAuthority: string;
  /** Cluster security group; nodes and, with the VPC CNI, pods carry it. */
  readonly securityGroupId: string;
}

/** What other stacks may know of the edge. */
export interface EdgeOutputs {
  /** The one target group, bound to the ingress gateway's pods. */
  readonly targetGroupArn: string;
  /** Security group of the load balancer. */
  readonly loadBalancerSecurityGroupId: string;
}

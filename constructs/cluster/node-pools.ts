import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { LABELS, type NodeGroupPlan, type NodeGroupPlans, SYSTEM_POOL, type WorkingHours } from "../../config";
import type { Account } from "../account";
import type { ControlPlane } from "./control-plane";
import { NodeGroup, type NodeGroupProps } from "./node-group";
import { NodeRole } from "./node-role";

export interface NodePoolsProps {
  readonly account: Account;
  readonly controlPlane: ControlPlane;
  readonly nodeGroups: NodeGroupPlans;
  /** Hours outside of which fewer standard on-demand nodes are held. @default - as many at all hours */
  readonly workingHours?: WorkingHours;
  /** Private subnets, one a zone. */
  readonly subnetIds: readonly string[];
  /** Tags of instances, volumes and network interfaces. */
  readonly tags: Readonly<Record<string, string>>;
  /** What must stand before the first node boots: the CNI, its credentials, kube-proxy, the Pod Identity agent. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Name of the group of spot nodes. EKS begins the name of its Auto Scaling group with `eks-` and this. */
export const SPOT_GROUP = "standard-spot";

/** What a group is, apart from its size. */
type Pool = Pick<NodeGroupProps, "name" | "nodePool" | "capacityType" | "taint" | "workingHours"> & {
  readonly plan: NodeGroupPlan;
};

/**
 * The node groups of the brief: system, enterprise, and standard as two groups, since one group has one capacity
 * type.
 * CoreDNS and the EBS CSI controller tolerate `CriticalAddonsOnly` as they come; add-ons that are DaemonSets tolerate
 * every taint.
 */
export class NodePools extends Construct {
  /** All groups, for what needs nodes to become healthy. */
  public readonly groups: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NodePoolsProps) {
    super(scope, id);
    const role = new NodeRole(this, "role", { account: props.account, clusterName: props.controlPlane.name });
    this.groups = pools(props).map(
      (pool) =>
        new NodeGroup(this, pool.name, {
          ...pool,
          controlPlane: props.controlPlane,
          nodeRoleArn: role.arn,
          subnetIds: props.subnetIds,
          tags: props.tags,
          dependsOn: [...role.dependables, ...props.dependsOn],
        }).resource,
    );
  }
}

function pools({ nodeGroups: plans, workingHours }: NodePoolsProps): readonly Pool[] {
  return [
    {
      name: "system",
      plan: plans.system,
      nodePool: SYSTEM_POOL.name,
      capacityType: "ON_DEMAND",
      taint: SYSTEM_POOL.taint,
    },
    {
      name: "enterprise",
      plan: plans.enterprise,
      nodePool: "enterprise",
      capacityType: "ON_DEMAND",
      taint: { key: LABELS.nodePool, value: "enterprise" },
    },
    {
      name: "standard-on-demand",
      plan: plans.standardOnDemand,
      nodePool: "standard",
      capacityType: "ON_DEMAND",
      ...(workingHours ? { workingHours } : {}),
    },
    ...(plans.standardSpot
      ? [{ name: SPOT_GROUP, plan: plans.standardSpot, nodePool: "standard", capacityType: "SPOT" } as const]
      : []),
  ];
}

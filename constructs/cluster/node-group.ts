import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { KUBERNETES_VERSION, LABELS, type NodeGroupPlan, type WorkingHours } from "../../config";
import type { ControlPlane } from "./control-plane";
import { nodeUserData } from "./node-user-data";
import { WorkingHoursSchedule } from "./working-hours-schedule";

export interface NodeGroupProps {
  readonly controlPlane: ControlPlane;
  /** Name of the group within the cluster. */
  readonly name: string;
  readonly plan: NodeGroupPlan;
  /** Value of the nodes' label `taskflow.io/node-pool`, by which pods choose them. */
  readonly nodePool: string;
  readonly capacityType: "ON_DEMAND" | "SPOT";
  /** Keeps pods without a toleration away (NoSchedule). @default - any pod may run here */
  readonly taint?: { readonly key: string; readonly value: string };
  /** Hours outside of which the group may be smaller than its plan's `min`. @default - it never may */
  readonly workingHours?: WorkingHours;
  readonly nodeRoleArn: string;
  /** Private subnets, one a zone. */
  readonly subnetIds: readonly string[];
  /** Tags of instances, volumes and network interfaces: the provider's default tags do not reach them. */
  readonly tags: Readonly<Record<string, string>>;
  /** What must stand before the first node boots. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Size of the root volume, in GiB: images and logs of 110 pods, with the kubelet's 10 % to spare. */
const ROOT_VOLUME_GIB = 80;

/** The resources that one instance consists of. */
const TAGGED = ["instance", "volume", "network-interface"];

/**
 * A managed node group with its launch template. Nodes take part in the cluster security group alone, have no key pair
 * and keep their credentials from pods.
 *
 * EKS itself tags the group's Auto Scaling group `k8s.io/cluster-autoscaler/enabled` and
 * `k8s.io/cluster-autoscaler/<cluster>`; tags of the node group or of its launch template never reach it, so none are
 * set here. Labels and taints of an empty group the autoscaler reads through `eks:DescribeNodegroup`.
 */
export class NodeGroup extends Construct {
  public readonly resource: EksNodeGroup;

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const template = this.addLaunchTemplate(props);
    this.resource = new EksNodeGroup(this, "Resource", {
      clusterName: props.controlPlane.cluster.name,
      nodeGroupName: props.name,
      nodeRoleArn: props.nodeRoleArn,
      subnetIds: [...props.subnetIds],
      version: KUBERNETES_VERSION,
      amiType: "AL2023_x86_64_STANDARD",
      capacityType: props.capacityType,
      instanceTypes: [...props.plan.instanceTypes],
      launchTemplate: { id: template.id, version: Fn.tostring(template.latestVersion) },
      labels: { [LABELS.nodePool]: props.nodePool },
      ...(props.taint ? { taint: [{ ...props.taint, effect: "NO_SCHEDULE" }] } : {}),
      scalingConfig: {
        desiredSize: props.plan.desired,
        minSize: props.plan.min,
        maxSize: props.plan.max,
      },
      updateConfig: { maxUnavailablePercentage: 33 },
      nodeRepairConfig: { enabled: true },
      // The size is the autoscaler's after the first apply.
      lifecycle: { ignoreChanges: ["scaling_config[0].desired_size"] },
      dependsOn: [...props.dependsOn],
    });
    if (props.workingHours !== undefined) {
      new WorkingHoursSchedule(this, "working-hours", {
        nodeGroup: this.resource,
        min: props.plan.min,
        workingHours: props.workingHours,
      });
    }
  }

  private addLaunchTemplate(props: NodeGroupProps): LaunchTemplate {
    const name = `${props.controlPlane.name}-${props.name}`;
    return new LaunchTemplate(this, "template", {
      name,
      updateDefaultVersion: true,
      ebsOptimized: "true",
      userData: nodeUserData(),
      monitoring: { enabled: true },
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        // One hop ends at the instance: a pod behind its own network namespace gets no answer.
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: "disabled",
      },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeType: "gp3", volumeSize: ROOT_VOLUME_GIB, encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      tagSpecifications: TAGGED.map((resourceType) => ({ resourceType, tags: { ...props.tags, Name: name } })),
    });
  }
}

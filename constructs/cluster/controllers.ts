import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { NAMESPACES } from "../../config";
import type { Account } from "../account";
import type { ControlPlane } from "./control-plane";
import { PodIdentityRole, type PodIdentityRoleProps, type ServiceAccountName } from "./pod-identity-role";

export interface ControllersProps {
  readonly account: Account;
  readonly controlPlane: ControlPlane;
}

/** Service accounts of the controllers; their charts and add-ons must use these names. */
export const CONTROLLER_SERVICE_ACCOUNTS = {
  vpcCni: { namespace: NAMESPACES.kubeSystem, serviceAccount: "aws-node" },
  ebsCsi: { namespace: NAMESPACES.kubeSystem, serviceAccount: "ebs-csi-controller-sa" },
  clusterAutoscaler: { namespace: NAMESPACES.kubeSystem, serviceAccount: "cluster-autoscaler" },
  loadBalancerController: { namespace: NAMESPACES.kubeSystem, serviceAccount: "aws-load-balancer-controller" },
} as const satisfies Record<string, ServiceAccountName>;

/** AWS permissions of the cluster's controllers, a role each. The CloudWatch agent's stands with its add-on. */
export class Controllers extends Construct {
  /** What the VPC CNI waits for: without its role it can give no pod an address. */
  public readonly vpcCni: readonly ITerraformDependable[];
  /** What the EBS CSI driver waits for. */
  public readonly ebsCsi: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ControllersProps) {
    super(scope, id);
    const { account, controlPlane } = props;
    const controller = (
      name: string,
      role: ServiceAccountName & Pick<PodIdentityRoleProps, "description" | "managedPolicyArns" | "statements">,
    ) =>
      new PodIdentityRole(this, name, {
        clusterName: controlPlane.cluster.name,
        clusterArn: controlPlane.cluster.arn,
        roleName: `${controlPlane.name}-${name}`,
        ...role,
      });

    // For the two add-ons AWS maintains the policy together with the version that the add-on resolves to.
    this.vpcCni = controller("vpc-cni", {
      ...CONTROLLER_SERVICE_ACCOUNTS.vpcCni,
      description: "VPC CNI: addresses and prefixes of nodes' network interfaces",
      managedPolicyArns: [account.managedPolicy("AmazonEKS_CNI_Policy")],
    }).dependables;
    this.ebsCsi = controller("ebs-csi", {
      ...CONTROLLER_SERVICE_ACCOUNTS.ebsCsi,
      description: "EBS CSI driver: volumes that it made and tagged itself",
      // V2 touches only volumes with the driver's own tag; its predecessor reached every volume of the account.
      managedPolicyArns: [account.managedPolicy("AmazonEBSCSIDriverPolicyV2")],
    }).dependables;
    controller("cluster-autoscaler", {
      ...CONTROLLER_SERVICE_ACCOUNTS.clusterAutoscaler,
      description: "Cluster Autoscaler: sizes of this cluster's node groups",
      statements: autoscalerStatements(account, controlPlane.name),
    });
    controller("load-balancer-controller", {
      ...CONTROLLER_SERVICE_ACCOUNTS.loadBalancerController,
      description: "AWS Load Balancer Controller: targets of the platform's target groups",
      statements: targetGroupBindingStatements(account),
    });
  }
}

/**
 * The autoscaler's recommended policy with its writes bound to the Auto Scaling groups of this cluster
 * (kubernetes/autoscaler, cloudprovider/aws). EKS sets the ownership tag on every managed group.
 */
function autoscalerStatements(account: Account, clusterName: string): DataAwsIamPolicyDocumentStatement[] {
  return [
    {
      // None of these calls knows a resource (service authorization reference, EC2 Auto Scaling and EC2).
      sid: "SeeGroups",
      actions: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeTags",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
      ],
      resources: ["*"],
    },
    {
      sid: "SeeLabelsOfEmptyGroups",
      actions: ["eks:DescribeNodegroup"],
      resources: [account.arn("eks", `nodegroup/${clusterName}/*`)],
    },
    {
      sid: "ScaleOwnGroups",
      actions: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
      resources: [account.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*")],
      condition: [
        {
          test: "StringEquals",
          variable: `aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`,
          values: ["owned"],
        },
      ],
    },
  ];
}

/**
 * What a TargetGroupBinding without `networking` needs (AWS Load Balancer Controller, installation, subset of
 * permissions for TargetGroupBinding). Load balancers, listeners, target groups and security group rules are
 * Terraform's, so the controller may make or change none of them.
 */
function targetGroupBindingStatements(account: Account): DataAwsIamPolicyDocumentStatement[] {
  return [
    {
      // None of these calls knows a resource (service authorization reference, EC2 and Elastic Load Balancing v2).
      sid: "SeeTargetsAndTheirNetwork",
      actions: [
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstances",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
      ],
      resources: ["*"],
    },
    {
      sid: "RegisterTargets",
      actions: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
      resources: [account.arn("elasticloadbalancing", "targetgroup/taskflow-*/*")],
    },
  ];
}

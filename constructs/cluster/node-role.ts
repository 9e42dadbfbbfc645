import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { type Account, ServiceRole } from "../account";

export interface NodeRoleProps {
  readonly account: Account;
  readonly clusterName: string;
}

/**
 * What every node may do, and with it every pod on the host's network: fetch credentials for pods' own roles and pull
 * images. The VPC CNI has a role of its own; a pod that reached the instance's credentials could touch no address.
 */
export class NodeRole extends Construct {
  public readonly arn: string;
  public readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NodeRoleProps) {
    super(scope, id);
    const role = new ServiceRole(this, "role", {
      name: `${props.clusterName}-node`,
      description: "Nodes of all managed groups",
      service: "ec2.amazonaws.com",
      managedPolicyArns: [
        props.account.managedPolicy("AmazonEKSWorkerNodeMinimalPolicy"),
        props.account.managedPolicy("AmazonEC2ContainerRegistryPullOnly"),
      ],
    });
    const bootstrap = new IamRolePolicy(this, "bootstrap", {
      name: `${props.clusterName}-bootstrap`,
      role: role.role.name,
      policy: new DataAwsIamPolicyDocument(this, "bootstrap-document", {
        statement: [
          {
            // nodeadm names the node by its private DNS name, which it asks EC2 for; the minimal policy was cut for
            // Bottlerocket and leaves the call out. EC2's Describe calls know no resource (service authorization
            // reference).
            sid: "NameOfTheNode",
            actions: ["ec2:DescribeInstances"],
            resources: ["*"],
          },
        ],
      }).json,
    });
    this.arn = role.role.arn;
    this.dependables = [...role.attachments, bootstrap];
  }
}

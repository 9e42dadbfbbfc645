import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { ServiceRole } from "../account";

export interface ServiceAccountName {
  readonly namespace: string;
  readonly serviceAccount: string;
}

export interface PodIdentityRoleProps extends ServiceAccountName {
  readonly clusterName: string;
  readonly clusterArn: string;
  /** Begins with `taskflow-`. */
  readonly roleName: string;
  /** What the controller does with the role. */
  readonly description: string;
  /** ARNs of AWS managed policies. @default - none */
  readonly managedPolicyArns?: readonly string[];
  /** Statements of the role's own policy. @default - none */
  readonly statements?: readonly DataAwsIamPolicyDocumentStatement[];
}

/**
 * The AWS permissions of one controller in the cluster: a role that EKS Pod Identity hands to one service account and
 * that refuses every other cluster, namespace and service account.
 */
export class PodIdentityRole extends Construct {
  /** What a workload waits for, so that its first pod finds its credentials. */
  public readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: PodIdentityRoleProps) {
    super(scope, id);
    const role = new ServiceRole(this, "role", {
      name: props.roleName,
      description: props.description,
      service: "pods.eks.amazonaws.com",
      // Pod Identity tags each session with the pod it is for; the tags below are three of its six.
      trustActions: ["sts:AssumeRole", "sts:TagSession"],
      trustConditions: [
        requestTag("eks-cluster-arn", props.clusterArn),
        requestTag("kubernetes-namespace", props.namespace),
        requestTag("kubernetes-service-account", props.serviceAccount),
      ],
      ...(props.managedPolicyArns ? { managedPolicyArns: props.managedPolicyArns } : {}),
    });
    const policies = (props.statements ? [props.statements] : []).map(
      (statements) =>
        new IamRolePolicy(this, "policy", {
          name: props.roleName,
          role: role.role.name,
          policy: new DataAwsIamPolicyDocument(this, "document", { statement: [...statements] }).json,
        }),
    );
    const association = new EksPodIdentityAssociation(this, "association", {
      clusterName: props.clusterName,
      namespace: props.namespace,
      serviceAccount: props.serviceAccount,
      roleArn: role.role.arn,
    });
    this.dependables = [association, ...role.attachments, ...policies];
  }
}

function requestTag(tag: string, value: string) {
  return { test: "StringEquals", variable: `aws:RequestTag/${tag}`, values: [value] };
}

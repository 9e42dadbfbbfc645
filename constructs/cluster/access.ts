import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksAccessPolicyAssociation } from "@cdktf/provider-aws/lib/eks-access-policy-association";
import { Construct } from "constructs";

import { DEPLOY_ROLE_NAME, PLAN_ROLE_NAME } from "../delivery";
import type { Account } from "../account";

export interface ClusterAccessProps {
  readonly account: Account;
  readonly clusterName: string;
  /** IAM role names (with path) of people who administer the cluster. */
  readonly operatorRoles: readonly string[];
}

/** Access policies of EKS: full control, and reading everything. */
type AccessPolicy = "AmazonEKSClusterAdminPolicy" | "AmazonEKSAdminViewPolicy";

/**
 * Who may call the Kubernetes API: the operators and CI, and nobody through the cluster's creation. Nodes get their
 * entry from their managed node group.
 */
export class ClusterAccess extends Construct {
  private readonly account: Account;
  private readonly clusterName: string;

  constructor(scope: Construct, id: string, props: ClusterAccessProps) {
    super(scope, id);
    this.account = props.account;
    this.clusterName = props.clusterName;

    this.grant("deploy", DEPLOY_ROLE_NAME, "AmazonEKSClusterAdminPolicy");
    // AmazonEKSViewPolicy leaves out custom resources and the Secrets that hold Helm's releases; a plan reads both.
    this.grant("plan", PLAN_ROLE_NAME, "AmazonEKSAdminViewPolicy");
    for (const role of props.operatorRoles) {
      this.grant(role.replaceAll("/", "-"), role, "AmazonEKSClusterAdminPolicy");
    }
  }

  private grant(id: string, roleName: string, policy: AccessPolicy): void {
    const entry = new EksAccessEntry(this, id, {
      clusterName: this.clusterName,
      principalArn: this.account.iam(`role/${roleName}`),
    });
    new EksAccessPolicyAssociation(this, `${id}-policy`, {
      clusterName: this.clusterName,
      principalArn: entry.principalArn,
      policyArn: `arn:${this.account.partition}:eks::aws:cluster-access-policy/${policy}`,
      accessScope: { type: "cluster" },
    });
  }
}

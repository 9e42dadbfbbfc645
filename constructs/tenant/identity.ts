import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { databaseRole, iamRoleName, namespaceName, type Tenant } from "../../tenancy";

export interface TenantIdentityProps {
  readonly tenant: Tenant;
  readonly clusterName: string;
  /** `arn:aws:rds-db:<region>:<account>:dbuser:<proxy resource id>`, without a user. */
  readonly databaseUserArnPrefix: string;
  /** Service accounts whose pods act as the tenant. */
  readonly serviceAccounts: readonly string[];
}

/** The tenant's one IAM role: it may log in to the database as the tenant's own user, and nothing else. */
export class TenantIdentity extends Construct {
  /** For pods: EKS injects credentials when a pod is made, or never. */
  public readonly associations: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TenantIdentityProps) {
    super(scope, id);
    const { tenant } = props;
    const namespace = namespaceName(tenant.id);
    const role = new IamRole(this, "role", {
      name: iamRoleName(tenant.id),
      description: `Pods of tenant ${tenant.id}`,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "pods.eks.amazonaws.com" },
            Action: ["sts:AssumeRole", "sts:TagSession"],
            // EKS Pod Identity sets these tags itself: another namespace's association with this role is worth nothing.
            Condition: {
              StringEquals: {
                "aws:RequestTag/eks-cluster-name": props.clusterName,
                "aws:RequestTag/kubernetes-namespace": namespace,
              },
            },
          },
        ],
      }),
      tags: { tenant: tenant.id, tier: tenant.tier.name },
    });
    new IamRolePolicy(this, "database", {
      name: "database",
      role: role.name,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "rds-db:connect",
            Resource: `${props.databaseUserArnPrefix}/${databaseRole(tenant.id)}`,
          },
        ],
      }),
    });
    this.associations = props.serviceAccounts.map(
      (serviceAccount) =>
        new EksPodIdentityAssociation(this, serviceAccount, {
          clusterName: props.clusterName,
          namespace,
          serviceAccount,
          roleArn: role.arn,
        }),
    );
  }
}

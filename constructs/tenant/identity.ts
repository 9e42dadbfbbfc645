import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { databaseRole, iamRoleName, namespaceName, type Tenant } from "../../tenancy";

/** Where a tenant's pods run when their own region does not serve. */
export interface OtherRegion {
  readonly clusterName: string;
  /** `arn:aws:rds-db:<region>:<account>:dbuser:<proxy resource id>`, without a user. */
  readonly databaseUserArnPrefix: string;
}

export interface TenantIdentityProps {
  readonly tenant: Tenant;
  readonly clusterName: string;
  /** `arn:aws:rds-db:<region>:<account>:dbuser:<proxy resource id>`, without a user. */
  readonly databaseUserArnPrefix: string;
  /**
   * A second cluster and database that the role is for.
   * @default - none
   */
  readonly otherRegion?: OtherRegion;
  /**
   * `arn:aws:iam::<account>:role/` of a role that is made in the tenant's home region: IAM is one for all regions.
   * @default - the role is made here
   */
  readonly roleArnPrefix?: string;
  /** Service accounts whose pods act as the tenant. */
  readonly serviceAccounts: readonly string[];
}

/** The tenant's one IAM role: it may log in to the database as the tenant's own user, and nothing else. */
export class TenantIdentity extends Construct {
  /** For pods: EKS injects credentials when a pod is made, or never. */
  public readonly associations: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TenantIdentityProps) {
    super(scope, id);
    const { tenant, clusterName, roleArnPrefix } = props;
    const roleArn = roleArnPrefix === undefined ? this.makeRole(props) : `${roleArnPrefix}${iamRoleName(tenant.id)}`;
    this.associations = props.serviceAccounts.map(
      (serviceAccount) =>
        new EksPodIdentityAssociation(this, serviceAccount, {
          clusterName,
          namespace: namespaceName(tenant.id),
          serviceAccount,
          roleArn,
        }),
    );
  }

  private makeRole({ tenant, clusterName, databaseUserArnPrefix, otherRegion }: TenantIdentityProps): string {
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
                "aws:RequestTag/eks-cluster-name": otherRegion ? [clusterName, otherRegion.clusterName] : clusterName,
                "aws:RequestTag/kubernetes-namespace": namespaceName(tenant.id),
              },
            },
          },
        ],
      }),
      tags: { tenant: tenant.id, tier: tenant.tier.name },
    });
    const user = (arnPrefix: string): string => `${arnPrefix}/${databaseRole(tenant.id)}`;
    const own = user(databaseUserArnPrefix);
    new IamRolePolicy(this, "database", {
      name: "database",
      role: role.name,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "rds-db:connect",
            Resource: otherRegion ? [own, user(otherRegion.databaseUserArnPrefix)] : own,
          },
        ],
      }),
    });
    return role.arn;
  }
}

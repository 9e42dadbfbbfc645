import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";

import { ServiceRole, type ServiceRoleProps } from "./service-role";

export interface RoleWithInlinePolicyProps extends Pick<ServiceRoleProps, "name" | "description" | "service"> {
  /** What the role may do; the policy bears the role's name. */
  readonly statements: DataAwsIamPolicyDocumentStatement[];
}

/** Gives a construct the one role that a service acts by for it, with the policy that is the role's alone. */
export function roleWithInlinePolicy(
  scope: Construct,
  { statements, ...props }: RoleWithInlinePolicyProps,
): { readonly arn: string; /** For what needs the permissions at once. */ readonly policy: ITerraformDependable } {
  const { role } = new ServiceRole(scope, "role", props);
  const policy = new IamRolePolicy(scope, "policy", {
    name: props.name,
    role: role.name,
    policy: new DataAwsIamPolicyDocument(scope, "document", { statement: statements }).json,
  });
  return { arn: role.arn, policy };
}

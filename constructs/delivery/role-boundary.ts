import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { IAspect, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

import { BOUNDARY_POLICY_NAME, DEPLOY_ROLE_NAME, PLAN_ROLE_NAME, REPORT_ROLE_NAME } from "./ci-names";

/** CI's own roles: their guardrails are theirs alone, and no deployment may touch them. */
const WITHOUT_BOUNDARY: ReadonlySet<string | undefined> = new Set([PLAN_ROLE_NAME, DEPLOY_ROLE_NAME, REPORT_ROLE_NAME]);

/**
 * Sets the permissions boundary of every role of a stack: the deploy role may create no other. The account is looked up in
 * stacks that have a role at all.
 */
export class RoleBoundary implements IAspect {
  private policyArn: string | undefined;

  public visit(node: IConstruct): void {
    if (node instanceof IamRole && !WITHOUT_BOUNDARY.has(node.nameInput)) {
      this.policyArn ??= boundaryArn(node.cdktfStack);
      node.permissionsBoundary = this.policyArn;
    }
  }
}

function boundaryArn(stack: TerraformStack): string {
  const { accountId } = new DataAwsCallerIdentity(stack, "role-boundary-account");
  const { partition } = new DataAwsPartition(stack, "role-boundary-partition");
  return `arn:${partition}:iam::${accountId}:policy/${BOUNDARY_POLICY_NAME}`;
}

import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";

import { CI_POLICY_PREFIX } from "./ci-names";
import { type PolicyStatement, policyJson } from "./policy";

export interface CiRoleProps {
  readonly name: string;
  readonly description: string;
  readonly trustPolicy: string;
  /** Seconds that a session lasts at most: 3,600 to 43,200. */
  readonly maxSessionSeconds: number;
  /**
   * Statements by the name of the policy they stand in. A managed policy holds 6,144 characters, a role ten policies
   * (IAM quotas).
   */
  readonly policies: Readonly<Record<string, readonly PolicyStatement[]>>;
}

/** A role of CI with its policies, all below one name prefix that guardrails can name. */
export class CiRole extends Construct {
  constructor(scope: Construct, id: string, props: CiRoleProps) {
    super(scope, id);
    const role = new IamRole(this, "Resource", {
      name: props.name,
      description: props.description,
      assumeRolePolicy: props.trustPolicy,
      maxSessionDuration: props.maxSessionSeconds,
    });
    for (const [name, statements] of Object.entries(props.policies)) {
      const policy = new IamPolicy(this, name, {
        name: `${CI_POLICY_PREFIX}${id}-${name}`,
        policy: policyJson(statements),
      });
      new IamRolePolicyAttachment(this, `${name}-attachment`, { role: role.name, policyArn: policy.arn });
    }
  }
}

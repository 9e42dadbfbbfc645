import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatementCondition,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";

export interface ServiceRoleProps {
  /** Begins with `taskflow-`: the deploy role may create no other. */
  readonly name: string;
  readonly description: string;
  /** Service that assumes the role (`eks.amazonaws.com`). */
  readonly service: string;
  /**
   * Actions of the trust policy.
   * @default ["sts:AssumeRole"]
   */
  readonly trustActions?: readonly string[];
  /**
   * What must hold when the service assumes the role, against a confused deputy.
   * @default - none: the service documents no condition key for it
   */
  readonly trustConditions?: readonly DataAwsIamPolicyDocumentStatementCondition[];
  /** ARNs of AWS managed policies. @default - none */
  readonly managedPolicyArns?: readonly string[];
}

/** A role for one AWS service, its trust no wider than the service allows it to be. */
export class ServiceRole extends Construct {
  public readonly role: IamRole;
  /** What a resource waits for that needs the role's permissions at once. */
  public readonly attachments: readonly IamRolePolicyAttachment[];

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const trust = new DataAwsIamPolicyDocument(this, "trust", {
      statement: [
        {
          principals: [{ type: "Service", identifiers: [props.service] }],
          actions: [...(props.trustActions ?? ["sts:AssumeRole"])],
          ...(props.trustConditions ? { condition: [...props.trustConditions] } : {}),
        },
      ],
    });
    this.role = new IamRole(this, "Resource", {
      name: props.name,
      description: props.description,
      assumeRolePolicy: trust.json,
    });
    this.attachments = (props.managedPolicyArns ?? []).map(
      (policyArn) => new IamRolePolicyAttachment(this, policyName(policyArn), { role: this.role.name, policyArn }),
    );
  }
}

/** The last part of the ARN; as a construct's id it survives another order of the list. */
function policyName(policyArn: string): string {
  return policyArn.slice(policyArn.lastIndexOf("/") + 1);
}

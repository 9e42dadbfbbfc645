import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { Construct } from "constructs";

import { ServiceRole } from "../account";

export interface BackupRoleProps {
  /** Begins with `taskflow-`. */
  readonly name: string;
  readonly description: string;
  readonly statements: DataAwsIamPolicyDocumentStatement[];
}

/** Gives a construct a role that AWS Backup works by, and tells its ARN. */
export function backupRole(scope: Construct, { name, description, statements }: BackupRoleProps): string {
  const { role } = new ServiceRole(scope, "role", { name, description, service: "backup.amazonaws.com" });
  new IamRolePolicy(scope, "policy", {
    name,
    role: role.name,
    policy: new DataAwsIamPolicyDocument(scope, "document", { statement: statements }).json,
  });
  return role.arn;
}

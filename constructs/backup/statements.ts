import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";

import type { Account } from "../account";

/**
 * ARNs of the snapshots that AWS Backup makes of RDS instances: `awsbackup:job-…`, `awsbackup:copyjob-…`.
 *
 * @param region - @default - the account's
 */
export function snapshotArns(account: Account, region: string = account.region): string[] {
  return [`arn:${account.partition}:rds:${region}:${account.id}:snapshot:awsbackup:*`];
}

/** RDS takes a grant of its own on the key of what it makes; nobody decrypts anything here. */
export function useKeys(keyArns: readonly string[]): DataAwsIamPolicyDocumentStatement[] {
  return [
    { sid: "FindKeys", actions: ["kms:DescribeKey"], resources: [...keyArns] },
    {
      sid: "GrantKeysToRds",
      actions: ["kms:CreateGrant"],
      resources: [...keyArns],
      condition: [{ test: "Bool", variable: "kms:GrantIsForAWSResource", values: ["true"] }],
    },
  ];
}

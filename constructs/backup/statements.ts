import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";

import { type Account, keysByAlias } from "../account";

/**
 * ARNs of the snapshots that AWS Backup makes of RDS instances: `awsbackup:job-…`, `awsbackup:copyjob-…`.
 *
 * @param region - @default - the account's
 */
export function snapshotArns(account: Account, region: string = account.region): string[] {
  return [account.arn("rds", "snapshot:awsbackup:*", region)];
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

/** The same for the key of a vault in another region, which bears the vault's name. */
export function useVaultKey(account: Account, vaultName: string, region: string): DataAwsIamPolicyDocumentStatement[] {
  const { resources, condition } = keysByAlias(account, `alias/${vaultName}`, region);
  return [
    { sid: "FindKeyOfCopies", actions: ["kms:DescribeKey"], resources, condition },
    {
      sid: "GrantKeyOfCopiesToRds",
      actions: ["kms:CreateGrant"],
      resources,
      condition: [...condition, { test: "Bool", variable: "kms:GrantIsForAWSResource", values: ["true"] }],
    },
  ];
}

import type { DataAwsIamPolicyDocumentStatementCondition } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";

import type { Account } from "./account";

/**
 * The key behind an alias, for a statement of an IAM policy: its ARN holds an id, which another state or AWS knows.
 *
 * @param alias - with `alias/`
 * @param region - region of the key; @default - the account's
 */
export function keysByAlias(
  account: Account,
  alias: string,
  region: string = account.region,
): { readonly resources: string[]; readonly condition: DataAwsIamPolicyDocumentStatementCondition[] } {
  return {
    resources: [account.arn("kms", "key/*", region)],
    condition: [{ test: "ForAnyValue:StringEquals", variable: "kms:ResourceAliases", values: [alias] }],
  };
}

/** Values of a condition operator, by condition key. */
export type ConditionValues = Readonly<Record<string, string | readonly string[]>>;

/** One statement of an IAM policy, as IAM's JSON spells it. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, ConditionValues>>;
}

/**
 * A policy's JSON. CI's policies are not `aws_iam_policy_document` data sources: their size and what they allow are proved
 * by tests, which need the text itself.
 */
export function policyJson(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

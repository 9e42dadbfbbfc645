import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";

import type { Account } from "./account";

export interface EncryptionKeyProps {
  readonly account: Account;
  /** Name without `alias/`; begins with `taskflow-`. */
  readonly name: string;
  /** What the key encrypts, for the person who finds it in the console. */
  readonly description: string;
  /**
   * Whether CloudWatch Logs encrypts log groups of the account and region with this key.
   * @default false
   */
  readonly encryptsLogs?: boolean;
  /**
   * Service principals that publish to encrypted topics of this account (`cloudwatch.amazonaws.com`).
   * @default - none
   */
  readonly publishers?: readonly string[];
}

/** A statement of a key policy, in IAM's own spelling. */
interface KeyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: { readonly AWS: string } | { readonly Service: readonly string[] };
  readonly Action: readonly string[];
  /** In a key policy `*` is the key itself, and nothing else may stand here (KMS developer guide, key policies). */
  readonly Resource: "*";
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * A symmetric KMS key that rotates every year and cannot be destroyed by an edit. IAM policies of the account decide who
 * uses it; services that act without a role of ours are named in the key's own policy.
 *
 * That policy is an object, no policy document of Terraform: scanners judge documents as identity policies, where `*`
 * would be every resource.
 */
export class EncryptionKey extends Construct {
  public readonly arn: string;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const statements = [
      administration(props.account),
      ...(props.encryptsLogs ? [logs(props.account)] : []),
      ...(props.publishers ? [publishing(props.account, props.publishers)] : []),
    ];
    const key = new KmsKey(this, "Resource", {
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
      lifecycle: { preventDestroy: true },
    });
    new KmsAlias(this, "alias", { name: `alias/${props.name}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}

/** AWS's default key policy: without it nobody could change the key again, and no IAM policy would count. */
function administration(account: Account): KeyStatement {
  return {
    Sid: "AccountAdministration",
    Effect: "Allow",
    Principal: { AWS: account.iam("root") },
    Action: ["kms:*"],
    Resource: "*",
  };
}

function logs(account: Account): KeyStatement {
  return {
    Sid: "LogGroupsOfThisAccount",
    Effect: "Allow",
    Principal: { Service: [`logs.${account.region}.amazonaws.com`] },
    Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
    Resource: "*",
    Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": account.arn("logs", "log-group:*") } },
  };
}

function publishing(account: Account, publishers: readonly string[]): KeyStatement {
  return {
    Sid: "PublishersOfThisAccount",
    Effect: "Allow",
    Principal: { Service: publishers },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    Condition: { StringEquals: { "aws:SourceAccount": account.id } },
  };
}

import type { Account } from "../account";
import { BOUNDARY_POLICY_NAME, CI_POLICY_PREFIX, DEPLOY_ROLE_NAME, PLAN_ROLE_NAME, REPORT_ROLE_NAME } from "./ci-names";
import type { PolicyStatement } from "./policy";
import { type StateAccessProps, stateObjects } from "./state-access";

export interface GuardrailsProps {
  /** Regions that the platform stands in. */
  readonly regions: readonly string[];
  readonly state: StateAccessProps;
  /** Names of the buckets with the state buckets' access logs. */
  readonly stateLogsBucketNames: readonly string[];
  /** Roles of people, by name with path: the deploy role must not become one of them. */
  readonly operatorRoles: readonly string[];
}

/** What the deploy role may never do, whatever its other policies say. */
export function guardrails(account: Account, props: GuardrailsProps): PolicyStatement[] {
  const buckets = [...props.state.bucketNames, ...props.stateLogsBucketNames].map((name) =>
    account.ownerless("s3", name),
  );
  return [
    {
      Sid: "DenyOwnChains",
      Effect: "Deny",
      NotAction: ["iam:Get*", "iam:List*"],
      Resource: [
        ...[PLAN_ROLE_NAME, DEPLOY_ROLE_NAME, REPORT_ROLE_NAME, ...props.operatorRoles].map((name) =>
          account.iam(`role/${name}`),
        ),
        ...[BOUNDARY_POLICY_NAME, `${CI_POLICY_PREFIX}*`].map((name) => account.iam(`policy/${name}`)),
      ],
    },
    {
      Sid: "DenyUnboundRoles",
      Effect: "Deny",
      Action: "iam:DeleteRolePermissionsBoundary",
      Resource: "*",
    },
    {
      Sid: "DenyUsersAndKeys",
      Effect: "Deny",
      Action: [
        "account:*",
        "iam:*AccessKey*",
        "iam:*Group*",
        "iam:*LoginProfile*",
        "iam:*MFADevice*",
        "iam:*OpenIDConnectProvider*",
        "iam:*SAMLProvider*",
        "iam:*ServiceSpecificCredential*",
        "iam:*User*",
        "organizations:*",
        "sts:AssumeRole",
      ],
      Resource: "*",
    },
    {
      Sid: "DenyStateBuckets",
      Effect: "Deny",
      NotAction: ["s3:DeleteObject", "s3:Get*", "s3:List*", "s3:PutObject"],
      Resource: buckets.flatMap((arn) => [arn, `${arn}/*`]),
    },
    {
      // Locks alone are deleted; a deleted state would have Terraform make everything anew.
      Sid: "DenyDeletedObjects",
      Effect: "Deny",
      Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
      NotResource: stateObjects(account, props.state).locks,
    },
    {
      // What no apply brings back is deleted by a person, with a role of their own.
      Sid: "DenyIrreversible",
      Effect: "Deny",
      Action: [
        "backup:DeleteBackupVault*",
        "backup:DeleteRecoveryPoint",
        "backup:UpdateRecoveryPointLifecycle",
        "ecr:BatchDeleteImage",
        "ecr:DeleteRepository",
        "eks:DeleteCluster",
        "kms:DisableKey",
        "kms:ScheduleKeyDeletion",
        "rds:DeleteDBInstance*",
        "rds:DeleteDBSnapshot",
        "route53:DeleteHostedZone",
        "s3:DeleteBucket",
      ],
      Resource: "*",
    },
    ...(props.regions.length > 1 ? [denyOtherRegions(props.regions)] : []),
  ];
}

/**
 * Of two regions the other policies name neither: with each ARN twice they would outgrow IAM's 6,144 characters. Services
 * without a region are asked in one of AWS's choice.
 */
function denyOtherRegions(regions: readonly string[]): PolicyStatement {
  return {
    Sid: "DenyOtherRegions",
    Effect: "Deny",
    NotAction: ["budgets:*", "ce:*", "iam:*", "route53:*", "sts:*"],
    Resource: "*",
    Condition: { StringNotEquals: { "aws:RequestedRegion": regions } },
  };
}

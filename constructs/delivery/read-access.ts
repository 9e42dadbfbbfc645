import type { Account } from "../account";
import type { PolicyStatement } from "./policy";

/**
 * What a plan reads: how resources are set up, never what they hold. Calls that describe and list know no resource, or
 * only some of them do (service authorization reference), hence every resource.
 */
export function readAccess(account: Account): PolicyStatement[] {
  return [
    {
      Sid: "ReadConfiguration",
      Effect: "Allow",
      Action: [
        "acm:Describe*",
        "acm:List*",
        "autoscaling:Describe*",
        "backup:Describe*",
        "backup:Get*",
        "backup:List*",
        "budgets:ListTagsForResource",
        "budgets:ViewBudget",
        "ce:ListCostAllocationTags",
        "cloudwatch:Describe*",
        "cloudwatch:GetDashboard",
        "cloudwatch:List*",
        "dynamodb:Describe*",
        "dynamodb:ListTagsOfResource",
        "ec2:Describe*",
        "ec2:GetEbs*",
        "ec2:GetSubnetCidrReservations",
        "ecr:Describe*",
        "ecr:GetLifecyclePolicy",
        "ecr:GetRegistry*",
        "ecr:GetRepositoryPolicy",
        "ecr:List*",
        "eks:Describe*",
        "eks:List*",
        "elasticache:Describe*",
        "elasticache:List*",
        "elasticloadbalancing:Describe*",
        "events:Describe*",
        "events:List*",
        "iam:Get*",
        "iam:List*",
        "kms:Describe*",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:List*",
        "lambda:Get*",
        "lambda:List*",
        "logs:Describe*",
        "logs:List*",
        "rds:Describe*",
        "rds:List*",
        "route53:Get*",
        "route53:List*",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetResourcePolicy",
        "secretsmanager:List*",
        "sns:Get*",
        "sns:List*",
        "sqs:GetQueueAttributes",
        "sqs:ListQueueTags",
        "tag:GetResources",
        "wafv2:Describe*",
        "wafv2:Get*",
        "wafv2:List*",
      ],
      Resource: "*",
    },
    {
      Sid: "ReadBuckets",
      Effect: "Allow",
      Action: [
        "s3:GetAccelerateConfiguration",
        "s3:GetBucket*",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        "s3:ListTagsForResource",
      ],
      Resource: account.ownerless("s3", "taskflow-*"),
    },
    {
      Sid: "ReadPublicParameters",
      Effect: "Allow",
      Action: ["ssm:GetParameter", "ssm:GetParameters"],
      Resource: account.ownerless("ssm", "parameter/aws/service/*", account.region),
    },
  ];
}

/**
 * Secrets and customers' data: out of reach for CI, whatever else its roles are allowed.
 *
 * @param except - ARNs of secrets that the role reads; @default - none
 */
export function denySecrets(account: Account, except: readonly string[] = []): PolicyStatement[] {
  const getSecretValue = "secretsmanager:GetSecretValue";
  return [
    {
      Sid: "DenySecrets",
      Effect: "Deny",
      Action: [
        "ec2:GetConsole*",
        "ec2:GetPasswordData",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
        "logs:GetQueryResults",
        "logs:StartLiveTail",
        "logs:StartQuery",
        "rds-db:connect",
        "rds:DownloadDBLogFilePortion",
        "rds:StartExportTask",
        "secretsmanager:BatchGetSecretValue",
        ...(except.length === 0 ? [getSecretValue] : []),
      ],
      Resource: "*",
    },
    ...(except.length === 0
      ? []
      : [{ Sid: "DenyOtherSecrets", Effect: "Deny" as const, Action: getSecretValue, NotResource: except }]),
    {
      Sid: "DenyPrivateParameters",
      Effect: "Deny",
      Action: "ssm:GetParameter*",
      NotResource: [account.ownerless("ssm", "parameter/aws/service/*", account.region)],
    },
  ];
}

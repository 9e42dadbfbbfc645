import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { Construct } from "constructs";

import type { Account } from "../account";
import { BOUNDARY_POLICY_NAME } from "./ci-names";
import { type PolicyStatement, policyJson } from "./policy";

export interface RoleBoundaryPolicyProps {
  readonly account: Account;
  /** Names of the buckets that no workload may touch. */
  readonly stateBuckets: readonly string[];
  /** Whether images and backups are copied to a second region. */
  readonly secondRegion: boolean;
}

/**
 * The most that any role of the platform can be allowed: a boundary grants nothing, it cuts what a role's own policies
 * grant. Whoever may write a role's policies, as CI may, gains no more than this by it.
 */
export class RoleBoundaryPolicy extends Construct {
  constructor(scope: Construct, id: string, props: RoleBoundaryPolicyProps) {
    super(scope, id);
    new IamPolicy(this, "Resource", {
      name: BOUNDARY_POLICY_NAME,
      description: "Permissions boundary of every role of the platform",
      policy: policyJson(boundary(props)),
    });
  }
}

function boundary(props: RoleBoundaryPolicyProps): PolicyStatement[] {
  const { account } = props;
  return [
    {
      // By service, for every resource: the roles' own policies name resources, the ceiling only services.
      Sid: "Workloads",
      Effect: "Allow",
      Action: [
        "autoscaling:*",
        "backup:CopyIntoBackupVault",
        "backup:DescribeBackupVault",
        "cloudwatch:*",
        "dynamodb:*Item",
        "ec2:*NetworkInterface*",
        "ec2:*PrivateIpAddresses",
        "ec2:*SecurityGroup*",
        "ec2:*Snapshot*",
        "ec2:*Tags",
        "ec2:*Volume*",
        "ec2:Describe*",
        "ec2:Get*",
        "ec2:ModifyInstanceAttribute",
        "ec2messages:*",
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:Describe*",
        "ecr:Get*",
        "ecr:List*",
        "eks-auth:AssumeRoleForPodIdentity",
        "eks:Describe*",
        "elasticache:Connect",
        "elasticloadbalancing:*",
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey*",
        "kms:ListGrants",
        "kms:ReEncrypt*",
        "logs:*",
        "rds-db:connect",
        "rds:AddTagsToResource",
        "rds:CopyDBSnapshot",
        "rds:CreateDBSnapshot",
        "rds:Describe*",
        "rds:ListTagsForResource",
        "rds:RestoreDBInstanceFromDBSnapshot",
        "sns:Publish",
        "sqs:SendMessage",
        "ssm:UpdateInstanceInformation",
        "ssmmessages:*",
        "tag:GetResources",
        "xray:*",
      ],
      Resource: "*",
    },
    {
      // At the end of their time; an instance's own and its last are not among them.
      Sid: "BackupsSnapshots",
      Effect: "Allow",
      Action: "rds:DeleteDBSnapshot",
      Resource: account.arns("rds", "snapshot:awsbackup:*"),
    },
    ...(props.secondRegion ? copies(account) : []),
    {
      Sid: "Secrets",
      Effect: "Allow",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: account.arns("secretsmanager", "secret:rds!*", "secret:taskflow*"),
    },
    {
      Sid: "Objects",
      Effect: "Allow",
      Action: [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetBucketLocation",
        "s3:GetObject*",
        "s3:List*",
        "s3:PutObject",
      ],
      Resource: account.ownerless("s3", "taskflow-*"),
    },
    {
      Sid: "LoadBalancersOwnRole",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: account.iam("role/aws-service-role/*"),
      Condition: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
    },
    {
      Sid: "DenyStates",
      Effect: "Deny",
      Action: "s3:*",
      Resource: props.stateBuckets.flatMap((name) => [
        account.ownerless("s3", name),
        account.ownerless("s3", `${name}/*`),
      ]),
    },
  ];
}

/** What ECR and AWS Backup do with roles of the platform. */
function copies(account: Account): PolicyStatement[] {
  return [
    {
      Sid: "ImageReplicas",
      Effect: "Allow",
      Action: ["ecr:CreateRepository", "ecr:ReplicateImage"],
      Resource: account.arns("ecr", "repository/taskflow/*"),
    },
    { Sid: "ImageReplicasKey", Effect: "Allow", Action: "kms:RetireGrant", Resource: account.arns("kms", "key/*") },
    {
      Sid: "BackupCopies",
      Effect: "Allow",
      Action: "backup:CopyFromBackupVault",
      Resource: [...account.arns("backup", "backup-vault:taskflow-*"), ...account.arns("rds", "snapshot:awsbackup:*")],
    },
  ];
}

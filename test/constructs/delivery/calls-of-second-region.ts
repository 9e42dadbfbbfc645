import { arn, calls, CREATED, linkedRole, OURS, passRole, REGION } from "./calls";
import { ACCOUNT_ID, type Call } from "./iam";

export const SECOND_REGION = "us-east-1";

/** ARN in the second region. */
const there = (service: string, resource: string): string => arn(service, resource).replace(REGION, SECOND_REGION);

const PEERING = { "ec2:RequesterVpc": there("ec2", "vpc/1") };
const MASTER_SECRET = arn("secretsmanager", "secret:taskflow-database-master-AbCdEf");

/** Calls that make and change what a second region has beyond the same resources in it, by type of resource. */
export const CALLS_OF_SECOND_REGION: Readonly<Record<string, readonly Call[]>> = {
  aws_db_instance: [
    ...["db:taskflow-dr", "subgrp:taskflow-dr", "pg:taskflow-dr"].flatMap((resource) =>
      calls("rds", "CreateDBInstanceReadReplica PromoteReadReplica", there("rds", resource)),
    ),
    ...calls("rds", "CreateDBInstanceReadReplica", arn("rds", "db:taskflow")),
    ...calls("kms", "Decrypt GenerateDataKey", there("kms", "key/1"), {
      "kms:ViaService": `rds.${SECOND_REGION}.amazonaws.com`,
    }),
  ],
  aws_db_instance_automated_backups_replication: [
    ...calls(
      "rds",
      "StartDBInstanceAutomatedBackupsReplication StopDBInstanceAutomatedBackupsReplication",
      there("rds", "auto-backup:ab-1"),
    ),
    ...calls("rds", "StartDBInstanceAutomatedBackupsReplication", arn("rds", "db:taskflow")),
  ],
  aws_ecr_replication_configuration: [
    ...calls("ecr", "PutReplicationConfiguration", "*", { "aws:RequestedRegion": REGION }),
    ...linkedRole("replication.ecr.amazonaws.com"),
  ],
  aws_ecr_repository_creation_template: [
    ...calls(
      "ecr",
      "CreateRepositoryCreationTemplate UpdateRepositoryCreationTemplate DeleteRepositoryCreationTemplate",
      "*",
      { "aws:RequestedRegion": SECOND_REGION },
    ),
    ...passRole("ecr.amazonaws.com"),
    ...linkedRole("ecr.amazonaws.com"),
  ],
  aws_lb: [REGION, SECOND_REGION].flatMap((region) =>
    calls(
      "elasticloadbalancing",
      "CreateLoadBalancer ModifyLoadBalancerAttributes CreateListener",
      arn("elasticloadbalancing", "loadbalancer/net/taskflow-east-west/1").replace(REGION, region),
    ),
  ),
  aws_route53_health_check: [
    ...calls("route53", "CreateHealthCheck", "*"),
    ...calls("route53", "UpdateHealthCheck DeleteHealthCheck ChangeTagsForResource", "arn:aws:route53:::healthcheck/1"),
  ],
  aws_route53_record: ["us-east-1", "entry"].flatMap((label) =>
    calls("route53", "ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z1", {
      "route53:ChangeResourceRecordSetsNormalizedRecordNames": [`${label}.region.taskflow.example.com`],
      "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
    }),
  ),
  aws_secretsmanager_secret: calls(
    "secretsmanager",
    "CreateSecret TagResource ReplicateSecretToRegions RemoveRegionsFromReplication",
    MASTER_SECRET,
  ),
  aws_secretsmanager_secret_version: [
    ...calls("secretsmanager", "GetRandomPassword", "*"),
    ...calls("secretsmanager", "PutSecretValue UpdateSecretVersionStage GetSecretValue", MASTER_SECRET),
  ],
  aws_vpc_peering_connection: [
    ...calls("ec2", "CreateVpcPeeringConnection", there("ec2", "vpc/1"), OURS),
    ...calls("ec2", "CreateVpcPeeringConnection CreateTags", there("ec2", "vpc-peering-connection/new"), {
      ...CREATED,
      ...PEERING,
    }),
    ...calls("ec2", "DeleteVpcPeeringConnection", there("ec2", "vpc-peering-connection/1"), { ...OURS, ...PEERING }),
  ],
  aws_vpc_peering_connection_accepter: [
    ...calls("ec2", "AcceptVpcPeeringConnection", arn("ec2", "vpc/1"), OURS),
    ...calls("ec2", "AcceptVpcPeeringConnection CreateTags", arn("ec2", "vpc-peering-connection/1"), PEERING),
  ],
  aws_vpc_security_group_ingress_rule: calls(
    "ec2",
    "AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress",
    there("ec2", "security-group/cluster"),
    { "aws:ResourceTag/kubernetes.io/cluster/taskflow-eks-dr": "owned" },
  ),
};

/** The same call in another region; undefined for one that names no region. */
export function inRegion({ action, resource, context = {} }: Call, region: string): Call | undefined {
  const moved = JSON.stringify({ resource, context }).replaceAll(REGION, region);
  return moved === JSON.stringify({ resource, context })
    ? undefined
    : { action, ...(JSON.parse(moved) as Omit<Call, "action">) };
}

/** Calls to secrets of others, and of onboarding. */
export const FOREIGN_SECRETS = ["taskflow-onboarding-github-app", "rds!db-1", "billing"].map((name) =>
  there("secretsmanager", `secret:${name}-AbCdEf`),
);

export const APPLIED_SECRETS = ["taskflow-database-master", "taskflow-mesh-ca"].flatMap((name) =>
  [arn, there].map((of) => of("secretsmanager", `secret:${name}-AbCdEf`)),
);

/** A peering that the VPC of another account asks for. */
export const FOREIGN_PEERING: Call = {
  action: "ec2:AcceptVpcPeeringConnection",
  resource: arn("ec2", "vpc-peering-connection/1"),
  context: { "ec2:RequesterVpc": there("ec2", "vpc/1").replace(ACCOUNT_ID, "999999999999") },
};

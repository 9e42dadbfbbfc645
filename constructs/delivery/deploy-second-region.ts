import type { Account } from "../account";
import { IS_OURS } from "./ci-names";
import type { PolicyStatement } from "./policy";

/** Secrets whose values an apply hands on without keeping them: the master user's, and the region's mesh certificate. */
const APPLIED_SECRETS = ["secret:taskflow-database-master-??????", "secret:taskflow-mesh-ca-??????"];

/** ARNs of those secrets, for the role that applies. */
export function appliedSecrets(account: Account): string[] {
  return account.arns("secretsmanager", ...APPLIED_SECRETS);
}

/** What a second region takes beyond the same resources in it: peering, failover, replicas of database, images and secrets. */
export function deploySecondRegion(account: Account, clusterName: string): PolicyStatement[] {
  return [
    {
      // In the accepter's region a peering bears no tags before it is accepted; whose it is tells the VPC that asks for it.
      Sid: "PeeringsOfTheAccount",
      Effect: "Allow",
      Action: [
        "ec2:AcceptVpcPeeringConnection",
        "ec2:CreateTags",
        "ec2:CreateVpcPeeringConnection",
        "ec2:DeleteTags",
        "ec2:DeleteVpcPeeringConnection",
      ],
      Resource: account.arns("ec2", "vpc-peering-connection/*"),
      Condition: { ArnLike: { "ec2:RequesterVpc": account.arn("ec2", "vpc/*") } },
    },
    {
      Sid: "PeerOurVpcs",
      Effect: "Allow",
      Action: ["ec2:AcceptVpcPeeringConnection", "ec2:CreateVpcPeeringConnection"],
      Resource: account.arns("ec2", "vpc/*"),
      Condition: IS_OURS,
    },
    {
      Sid: "SecondClusterSecurityGroup",
      Effect: "Allow",
      Action: ["ec2:AuthorizeSecurityGroup*", "ec2:RevokeSecurityGroup*"],
      Resource: account.arns("ec2", "security-group/*"),
      Condition: { StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: "owned" } },
    },
    {
      // A check has no ARN before it is made, and Route 53 knows no condition on tags.
      Sid: "CreateHealthChecks",
      Effect: "Allow",
      Action: "route53:CreateHealthCheck",
      Resource: "*",
    },
    {
      Sid: "HealthChecks",
      Effect: "Allow",
      Action: ["route53:ChangeTagsForResource", "route53:DeleteHealthCheck", "route53:UpdateHealthCheck"],
      Resource: account.ownerless("route53", "healthcheck/*"),
    },
    {
      Sid: "EastWestLoadBalancers",
      Effect: "Allow",
      Action: "elasticloadbalancing:*",
      Resource: account.arns("elasticloadbalancing", "listener/net/taskflow-*", "loadbalancer/net/taskflow-*"),
    },
    {
      // The registry is the account's; these know no resource (service authorization reference, ECR).
      Sid: "RepositoryTemplates",
      Effect: "Allow",
      Action: [
        "ecr:CreateRepositoryCreationTemplate",
        "ecr:DeleteRepositoryCreationTemplate",
        "ecr:UpdateRepositoryCreationTemplate",
      ],
      Resource: "*",
    },
    {
      Sid: "HandRolesToEcr",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: account.iam("role/taskflow-*"),
      Condition: { StringEquals: { "iam:PassedToService": "ecr.amazonaws.com" } },
    },
    {
      Sid: "EcrsOwnRoles",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: account.iam("role/aws-service-role/*"),
      Condition: { StringEquals: { "iam:AWSServiceName": ["ecr.amazonaws.com", "replication.ecr.amazonaws.com"] } },
    },
    {
      // ARNs of automated backups hold an id, no name.
      Sid: "ReplicateAutomatedBackups",
      Effect: "Allow",
      Action: ["rds:StartDBInstanceAutomatedBackupsReplication", "rds:StopDBInstanceAutomatedBackupsReplication"],
      Resource: account.arns("rds", "auto-backup:*"),
    },
    {
      Sid: "MasterPassword",
      Effect: "Allow",
      Action: [
        "secretsmanager:PutSecretValue",
        "secretsmanager:RemoveRegionsFromReplication",
        "secretsmanager:ReplicateSecretToRegions",
        "secretsmanager:UpdateSecret",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      Resource: account.arns("secretsmanager", "secret:taskflow-database-master-??????"),
    },
    // Draws one and keeps none; knows no resource (service authorization reference, Secrets Manager).
    { Sid: "DrawPasswords", Effect: "Allow", Action: "secretsmanager:GetRandomPassword", Resource: "*" },
    {
      Sid: "HandOnSecrets",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: appliedSecrets(account),
    },
  ];
}

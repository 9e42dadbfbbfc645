import type { Account } from "../account";
import { BOUNDARY_POLICY_NAME } from "./ci-names";
import type { PolicyStatement } from "./policy";

/** Services that the platform's roles are for. */
const ROLE_SERVICES = ["backup", "ec2", "eks", "lambda", "monitoring.rds", "pods.eks", "rds"];

/** Services that keep a role of their own in each account. */
const LINKED_ROLE_SERVICES = [
  "autoscaling",
  "backup",
  "eks",
  "eks-nodegroup",
  "elasticache",
  "elasticloadbalancing",
  "rds",
  "restore-testing.backup",
  "spot",
  "wafv2",
];

/** Roles and policies below the platform's names. A role gets permissions only within the boundary. */
export function deployIdentity(account: Account): PolicyStatement[] {
  const roles = account.iam("role/taskflow-*");
  const withinBoundary = {
    StringEquals: { "iam:PermissionsBoundary": account.iam(`policy/${BOUNDARY_POLICY_NAME}`) },
  };
  return [
    {
      Sid: "RolesWithinBoundary",
      Effect: "Allow",
      Action: [
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
      ],
      Resource: roles,
      Condition: withinBoundary,
    },
    {
      Sid: "Roles",
      Effect: "Allow",
      Action: [
        "iam:DeleteRole",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ],
      Resource: roles,
    },
    {
      Sid: "Policies",
      Effect: "Allow",
      Action: [
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:DeletePolicyVersion",
        "iam:TagPolicy",
        "iam:UntagPolicy",
      ],
      Resource: account.iam("policy/taskflow-*"),
    },
    {
      Sid: "HandRolesToServices",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: roles,
      Condition: {
        StringEquals: { "iam:PassedToService": ROLE_SERVICES.map((service) => `${service}.amazonaws.com`) },
      },
    },
    {
      Sid: "ServiceLinkedRoles",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: account.iam("role/aws-service-role/*"),
      Condition: {
        StringEquals: { "iam:AWSServiceName": LINKED_ROLE_SERVICES.map((service) => `${service}.amazonaws.com`) },
      },
    },
  ];
}

import type { Account } from "../account";
import { BECOMES_OURS, IS_OURS } from "./ci-names";
import type { PolicyStatement } from "./policy";

/** The database and its proxy, caches, keys, the secret that RDS keeps for the master user, and the account's budget. */
export function deployData(account: Account, regions: readonly string[]): PolicyStatement[] {
  const proxies = account.arns("rds", "db-proxy:*", "db-proxy-endpoint:*");
  return [
    {
      Sid: "Databases",
      Effect: "Allow",
      Action: "rds:*",
      Resource: account.arns(
        "rds",
        "db:taskflow*",
        "es:taskflow*",
        "og:default*",
        "pg:default*",
        "pg:taskflow*",
        "snapshot:taskflow*",
        "subgrp:taskflow*",
      ),
    },
    // ARNs of proxies hold an id, no name: the tag tells ours.
    { Sid: "CreateProxies", Effect: "Allow", Action: "rds:*", Resource: proxies, Condition: BECOMES_OURS },
    { Sid: "Proxies", Effect: "Allow", Action: "rds:*", Resource: proxies, Condition: IS_OURS },
    {
      // A proxy's target group comes with it, without tags.
      Sid: "ProxyTargets",
      Effect: "Allow",
      Action: ["rds:DeregisterDBProxyTargets", "rds:ModifyDBProxyTargetGroup", "rds:RegisterDBProxyTargets"],
      Resource: account.arns("rds", "target-group:*"),
    },
    {
      Sid: "MasterUserSecret",
      Effect: "Allow",
      Action: [
        "secretsmanager:CancelRotateSecret",
        "secretsmanager:CreateSecret",
        "secretsmanager:DeleteSecret",
        "secretsmanager:RotateSecret",
        "secretsmanager:TagResource",
        "secretsmanager:UpdateSecret",
      ],
      Resource: account.arns("secretsmanager", "secret:rds!*"),
    },
    {
      Sid: "Caches",
      Effect: "Allow",
      Action: "elasticache:*",
      Resource: account.arns(
        "elasticache",
        "cluster:taskflow-*",
        "parametergroup:default*",
        "parametergroup:taskflow-*",
        "replicationgroup:taskflow-*",
        "subnetgroup:taskflow-*",
        "user:taskflow-*",
        "usergroup:taskflow-*",
      ),
    },
    {
      Sid: "CreateKeys",
      Effect: "Allow",
      Action: ["kms:CreateKey", "kms:TagResource"],
      // A key has no ARN before it is made.
      Resource: "*",
      Condition: BECOMES_OURS,
    },
    {
      Sid: "Keys",
      Effect: "Allow",
      Action: [
        "kms:CreateAlias",
        "kms:DeleteAlias",
        "kms:EnableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateAlias",
        "kms:UpdateKeyDescription",
      ],
      Resource: account.arns("kms", "key/*"),
      Condition: IS_OURS,
    },
    {
      Sid: "KeyAliases",
      Effect: "Allow",
      Action: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
      Resource: account.arns("kms", "alias/taskflow-*"),
    },
    {
      Sid: "GrantKeysToServices",
      Effect: "Allow",
      Action: "kms:CreateGrant",
      Resource: account.arns("kms", "key/*"),
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
    {
      Sid: "UseKeysThroughServices",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: account.arns("kms", "key/*"),
      Condition: {
        StringEquals: {
          "kms:ViaService": regions.flatMap((region) =>
            ["backup", "dynamodb", "elasticache", "lambda", "rds", "secretsmanager", "sns", "sqs"].map(
              (service) => `${service}.${region}.amazonaws.com`,
            ),
          ),
        },
      },
    },
    {
      Sid: "Budgets",
      Effect: "Allow",
      Action: ["budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"],
      Resource: account.regionless("budgets", "budget/taskflow-*"),
    },
    {
      Sid: "CostAllocation",
      Effect: "Allow",
      Action: "ce:UpdateCostAllocationTagsStatus",
      // Knows no resource (service authorization reference, Cost Explorer).
      Resource: "*",
    },
  ];
}

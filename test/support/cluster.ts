import { DefaultTokenResolver, StringConcat, type TerraformStack, Tokenization } from "cdktf";
import type { Construct } from "constructs";

import { ENVIRONMENTS } from "../../config";
import { Account, type AlertTopicArns } from "../../constructs/account";
import { ControlPlane } from "../../constructs/cluster/control-plane";
import type { DatabaseOutputs } from "../../constructs/database";
import type { NetworkOutputs } from "../../constructs/network";
import type { ResourceJson, StackJson } from "./synth";

/** Outputs of a network that nothing looks up. */
export const NETWORK: NetworkOutputs = {
  vpcId: "vpc-1",
  publicSubnetIds: ["subnet-pub-a", "subnet-pub-c", "subnet-pub-d"],
  privateSubnetIds: ["subnet-a", "subnet-c", "subnet-d"],
  databaseSubnetIds: ["subnet-db-a", "subnet-db-c", "subnet-db-d"],
};

/** A database that nothing looks up. */
export const DATABASE: DatabaseOutputs = {
  name: "taskflow",
  proxyArn: "arn:aws:rds:ap-northeast-1:111122223333:db-proxy:prx-1",
  proxyEndpoint: "proxy.example.internal",
  instanceArn: "arn:aws:rds:ap-northeast-1:111122223333:db:taskflow",
  keyArn: "arn:aws:kms:ap-northeast-1:111122223333:key/database",
  subnetGroupName: "taskflow",
  tenantFunctionName: "taskflow-tenant-database",
};

/** Topics that nothing looks up. */
export const ALERT_TOPICS: AlertTopicArns = {
  page: "arn:aws:sns:ap-northeast-1:111122223333:taskflow-alarms-page",
  ticket: "arn:aws:sns:ap-northeast-1:111122223333:taskflow-alarms-ticket",
  owner: "arn:aws:sns:ap-northeast-1:111122223333:taskflow-alarms-owner",
  watchdog: "arn:aws:sns:ap-northeast-1:111122223333:taskflow-alarms-watchdog",
  key: "arn:aws:kms:ap-northeast-1:111122223333:key/alarms",
};

/** Key of log groups. */
export const LOGS_KEY_ARN = "arn:aws:kms:ap-northeast-1:111122223333:key/logs";

export function account(scope: Construct): Account {
  return new Account(scope, "account", { region: ENVIRONMENTS.production.region });
}

/** A control plane and the account that it stands in. */
export function controlPlane(scope: Construct, publicAccessCidrs: readonly string[] = ["203.0.113.0/24"]) {
  const parts = { account: account(scope) };
  return {
    ...parts,
    controlPlane: new ControlPlane(scope, "control-plane", {
      ...parts,
      clusterName: "taskflow-eks",
      subnetIds: NETWORK.privateSubnetIds,
      publicAccessCidrs,
      logsKeyArn: LOGS_KEY_ARN,
      logRetentionDays: 90,
    }),
  };
}

/** Statements of the one policy document whose Terraform id holds `part`. */
export function statements(json: StackJson, part: string): ResourceJson[] {
  const documents = Object.entries(json.data?.["aws_iam_policy_document"] ?? {}).filter(([id]) => id.includes(part));
  if (documents.length !== 1 || documents[0] === undefined) {
    throw new Error(`expected one policy document of ${part}, found ${documents.map(([id]) => id).join(", ")}`);
  }
  return documents[0][1]["statement"] as ResourceJson[];
}

/** The one resource of a type that has these attributes. */
export function resourceWith(
  json: StackJson,
  type: string,
  attributes: Readonly<Record<string, unknown>>,
): ResourceJson {
  const found = Object.values(json.resource?.[type] ?? {}).filter((resource) =>
    Object.entries(attributes).every(([name, value]) => resource[name] === value),
  );
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`expected one ${type} with ${JSON.stringify(attributes)}, found ${found.length}`);
  }
  return found[0];
}

/** A stack's JSON with what Terraform looks up at plan time replaced by an account of the examples. */
export function resolved(text: string): string {
  return text
    .replaceAll(/\$\{data\.aws_caller_identity\.[^}]*\.account_id\}/g, "111122223333")
    .replaceAll(/\$\{data\.aws_partition\.[^}]*\.partition\}/g, "aws");
}

/** A stack's typed outputs as Terraform expressions of that stack. */
export function expressions(stack: TerraformStack, outputs: object): unknown {
  return Tokenization.resolve(outputs, {
    scope: stack,
    resolver: new DefaultTokenResolver(new StringConcat()),
    preparing: false,
  });
}

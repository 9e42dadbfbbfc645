import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";

import { ENVIRONMENTS } from "../../../config";
import { functionBundle } from "../../../constructs/function";
import { DatabaseInstance } from "../../../constructs/database/instance";
import { TenantDatabaseFunction } from "../../../constructs/database/tenant-function";
import { connectionPool, INSTANCE_MEMORY_GIB } from "../../../tenancy";
import {
  account as addAccount,
  LOGS_KEY_ARN,
  NETWORK,
  resolved,
  resourceWith,
  statements,
} from "../../support/cluster";
import { onlyResource, resourcesOf, synthConstruct } from "../../support/synth";

const SELVES = ["taskflow-tenant-database", "taskflow-tenant-restore"].map(
  (name) => `arn:aws:lambda:ap-northeast-1:111122223333:function:${name}`,
);

describe("TenantDatabaseFunction", () => {
  const synthFunction = (bootstraps: boolean) =>
    synthConstruct((scope) => {
      const common = { account: addAccount(scope), name: "taskflow", logsKeyArn: LOGS_KEY_ARN, logRetentionDays: 90 };
      const { instance, keyArn, masterSecretArn } = new DatabaseInstance(scope, "instance", {
        ...common,
        plan: ENVIRONMENTS.production.database,
        subnetIds: NETWORK.databaseSubnetIds,
        securityGroupId: "sg-database",
      });
      new TenantDatabaseFunction(scope, "function", {
        ...common,
        subnetIds: NETWORK.privateSubnetIds,
        securityGroupId: "sg-function",
        instance,
        keyArn,
        masterSecretArn: bootstraps ? masterSecretArn : undefined,
        ways: [new SecurityGroup(scope, "way", {})],
      });
    });
  const json = synthFunction(true);
  const lambda = resourceWith(json, "aws_lambda_function", { function_name: "taskflow-tenant-database" });
  const reference = (type: string, attribute: string) =>
    expect.stringMatching(
      new RegExp(`^\\$\\{${type}\\.instance_[^}]*\\.${attribute.replaceAll(/[[\]]/g, "\\$&")}\\}$`),
    );
  const secret: unknown = reference("aws_db_instance", "master_user_secret[0].secret_arn");
  const key: unknown = reference("aws_kms_key", "arn");

  test("runs the bundle that Terraform finds below the stack's own folder", () => {
    const { hash, sourceCodeHash } = functionBundle("tenant-database");
    expect(lambda).toMatchObject({
      function_name: "taskflow-tenant-database",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      filename: expect.stringMatching(new RegExp(`^assets/function_code_[0-9A-F]{8}/${hash}/tenant-database\\.zip$`)),
      source_code_hash: sourceCodeHash,
    });
  });

  test("stands in private subnets under the group that the instance admits, and knows the instance, not the proxy", () => {
    expect(lambda["vpc_config"]).toEqual({
      subnet_ids: NETWORK.privateSubnetIds,
      security_group_ids: ["sg-function"],
    });
    expect(lambda["environment"]).toEqual({
      variables: {
        DATABASE_HOST: reference("aws_db_instance", "address"),
        DATABASE_PORT: "5432",
        DATABASE_NAME: "taskflow",
        MASTER_SECRET_ARN: secret,
        NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
      },
    });
    expect(lambda["kms_key_arn"]).toEqual(key);
  });

  test("never takes more than a fifth of what the smallest class reserves, however many tenants are applied", () => {
    expect(lambda["reserved_concurrent_executions"]).toBe(20);
    for (const instanceClass of Object.keys(INSTANCE_MEMORY_GIB)) {
      expect(connectionPool(instanceClass).reserve).toBeGreaterThan(5 * 20);
    }
  });

  test("gives up well before Lambda would, and before a NAT gateway forgets who waits for it", () => {
    expect(lambda["timeout"]).toBeLessThan(350);
    expect(lambda["timeout"]).toBeGreaterThanOrEqual(60);
  });

  test("logs into a group that exists first, encrypted and with retention", () => {
    expect(resourceWith(json, "aws_cloudwatch_log_group", { name: "/aws/lambda/taskflow-tenant-database" })).toEqual({
      name: "/aws/lambda/taskflow-tenant-database",
      retention_in_days: 90,
      kms_key_id: LOGS_KEY_ARN,
    });
    expect(lambda["logging_config"]).toMatchObject({
      log_format: "JSON",
      log_group: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.function_logs_.*\.name\}$/),
    });
  });

  test("may log in as the provisioner at this instance, read the one secret and use the one key, and nothing else", () => {
    expect(JSON.parse(resolved(JSON.stringify(statements(json, "function_document"))))).toEqual([
      {
        sid: "LogInAsTheProvisioner",
        actions: ["rds-db:connect"],
        resources: [
          expect.stringMatching(
            /^arn:aws:rds-db:ap-northeast-1:111122223333:dbuser:\$\{aws_db_instance\.instance_.*\.resource_id\}\/tenant_provisioner$/,
          ),
        ],
      },
      { sid: "ReadTheMasterSecret", actions: ["secretsmanager:GetSecretValue"], resources: [secret] },
      {
        sid: "DecryptTheMasterSecret",
        actions: ["kms:Decrypt"],
        resources: [key],
        condition: [
          { test: "StringEquals", variable: "kms:EncryptionContext:SecretARN", values: [secret] },
          {
            test: "StringEquals",
            variable: "kms:ViaService",
            values: ["secretsmanager.ap-northeast-1.amazonaws.com"],
          },
        ],
      },
      {
        sid: "DecryptOwnEnvironment",
        actions: ["kms:Decrypt"],
        resources: [key],
        condition: [{ test: "StringEquals", variable: "kms:EncryptionContext:aws:lambda:FunctionArn", values: SELVES }],
      },
      {
        sid: "CreateInterfaces",
        actions: ["ec2:CreateNetworkInterface"],
        resources: [
          "network-interface/*",
          "subnet/subnet-a",
          "subnet/subnet-c",
          "subnet/subnet-d",
          "security-group/sg-function",
        ].map((resource) => `arn:aws:ec2:ap-northeast-1:111122223333:${resource}`),
      },
      {
        sid: "ManageInterfaces",
        actions: ["ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"],
        resources: ["arn:aws:ec2:ap-northeast-1:111122223333:*/*"],
      },
      {
        sid: "FindInterfaces",
        actions: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
        resources: ["*"],
      },
      {
        sid: "NoInterfaceCallsFromTheCode",
        effect: "Deny",
        actions: [
          "ec2:CreateNetworkInterface",
          "ec2:AssignPrivateIpAddresses",
          "ec2:DeleteNetworkInterface",
          "ec2:UnassignPrivateIpAddresses",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
        ],
        resources: ["*"],
        condition: [{ test: "ArnEquals", variable: "lambda:SourceFunctionArn", values: SELVES }],
      },
      {
        sid: "WriteLogs",
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.function_logs_.*\.arn\}:\*$/)],
      },
    ]);
  });

  test("is assumed by Lambda alone, and is made once its role may do all this", () => {
    expect(statements(json, "function_role_trust")).toEqual([
      { principals: [{ type: "Service", identifiers: ["lambda.amazonaws.com"] }], actions: ["sts:AssumeRole"] },
    ]);
    expect(lambda["depends_on"]).toEqual([expect.stringMatching(/^aws_iam_role_policy\.function_policy_/)]);
  });

  test("restores with the same code, role and place, once at a time, for as long as Lambda lets it", () => {
    const restore = resourceWith(json, "aws_lambda_function", { function_name: "taskflow-tenant-restore" });
    const same = (one: typeof lambda) => [
      one["role"],
      one["filename"],
      one["handler"],
      one["vpc_config"],
      one["environment"],
      one["kms_key_arn"],
      one["depends_on"],
    ];
    expect(same(restore)).toEqual(same(lambda));
    expect(restore).toMatchObject({ timeout: 900, memory_size: 1_769, reserved_concurrent_executions: 1 });
  });

  test("prepares the database once, when the function can reach it, and again only for another bootstrap", () => {
    const bootstrap = onlyResource(json, "aws_lambda_invocation");
    expect(bootstrap).toEqual({
      function_name: expect.stringMatching(/^\$\{aws_lambda_function\.function_.*\.function_name\}$/),
      input: '{"action":"bootstrap"}',
      lifecycle_scope: "CREATE_ONLY",
      triggers: { version: "2" },
      depends_on: [expect.stringMatching(/^aws_security_group\.way/)],
    });
    expect(JSON.stringify(bootstrap)).not.toContain(functionBundle("tenant-database").sourceCodeHash);
  });

  test("neither prepares a replica, whose preparation has come by replication, nor reads a master's secret there", () => {
    const replica = synthFunction(false);
    expect(resourcesOf(replica, "aws_lambda_invocation")).toEqual({});
    expect(JSON.stringify(resourcesOf(replica, "aws_lambda_function"))).not.toContain("MASTER_SECRET_ARN");
    expect(statements(replica, "function_document").map(({ sid }) => sid as unknown)).toEqual(
      statements(json, "function_document")
        .map(({ sid }) => sid as unknown)
        .filter((sid) => !/MasterSecret/.test(String(sid))),
    );
  });
});

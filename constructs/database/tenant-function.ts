import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import type { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaInvocation } from "@cdktf/provider-aws/lib/lambda-invocation";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { DATABASE_NAME, PORTS } from "../../config";
import { PROVISIONING_CONNECTIONS } from "../../tenancy";
import { roleWithInlinePolicy } from "../account";
import { decryptEnvironment, nodeFunction, writeLogs } from "../function";
import type { DatabasePlacement } from "./placement";
import { PROVISIONER } from "./users";

export interface TenantDatabaseFunctionProps extends Omit<DatabasePlacement, "subnetIds"> {
  /** Private subnets, in three zones: VPC endpoints answer there. */
  readonly subnetIds: readonly string[];
  /** The instance itself: roles and schemas are not made through the proxy, which may not become their maker. */
  readonly instance: DbInstance;
  /** Key of the instance's master secret; the function's environment is encrypted with it, too. */
  readonly keyArn: string;
  /**
   * Secret of the master user, for the bootstrap.
   * @default - no bootstrap: what it makes has come by replication, with the provisioner and all tenants
   */
  readonly masterSecretArn?: string | undefined;
  /** What must be there before the function reaches the instance: the rules that admit it. */
  readonly ways: readonly ITerraformDependable[];
}

/**
 * Runs the bootstrap again when raised, which is needed when the bootstrap's own SQL changes. The bundle's hash would do so
 * with every change of the function: the master user would log in to each, and the master is for the bootstrap alone.
 */
const BOOTSTRAP_VERSION = "2";

/**
 * Seconds. A tenant takes far less than one; the rest is for a start without a warm environment and for waiting on locks.
 * It stays below the 350 seconds after which a NAT gateway forgets the silent connection of whoever waits for the answer.
 */
const TIMEOUT_SECONDS = 120;

/** Seconds; Lambda's maximum. Nobody waits for the answer behind a NAT gateway: an operator invokes it, and its log tells. */
const RESTORE_TIMEOUT_SECONDS = 900;

/** MiB that come with one whole vCPU (Lambda developer guide, function memory): a COPY is a stream through it. */
const RESTORE_MEMORY_MIB = 1_769;

/** File of the runtime with Amazon's certificate authorities, RDS's among them; from Node 20 on not read unasked. */
const RUNTIME_CA_FILE = "/var/runtime/ca-cert.pem";

/** How Lambda attaches a function to a VPC (Lambda developer guide, execution role permissions). */
const INTERFACE_ACTIONS = {
  create: "ec2:CreateNetworkInterface",
  others: ["ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"],
  describe: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
};

/**
 * The function that makes, changes and archives tenants' roles and schemas, its one run that prepares the database for it,
 * and its twin that brings a tenant's schema back from a restored instance: the same code with more time and memory, for the
 * one action that moves a tenant's data. Terraform invokes it and waits for the answer: a failure stops the apply, so there is
 * nothing to keep in a dead-letter queue. It is not traced: each invocation is one log line of Terraform's and one of its own.
 */
export class TenantDatabaseFunction extends Construct {
  public readonly name: string;
  private readonly arns: string[];

  constructor(scope: Construct, id: string, props: TenantDatabaseFunctionProps) {
    super(scope, id);
    const { masterSecretArn } = props;
    const name = `${props.name}-tenant-database`;
    const restoreName = `${props.name}-tenant-restore`;
    // The functions' own ARNs would be a circle: the role is there first.
    this.arns = props.account.arns("lambda", `function:${name}`, `function:${restoreName}`);
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/lambda/${name}`,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.logsKeyArn,
    });
    const role = roleWithInlinePolicy(this, {
      name,
      description: "Tenant-database function: makes tenants' roles and schemas",
      service: "lambda.amazonaws.com",
      statements: [...this.database(props), ...this.network(props), writeLogs(logs)],
    });
    const common = {
      ...nodeFunction(this, "tenant-database", logs),
      role: role.arn,
      vpcConfig: { subnetIds: [...props.subnetIds], securityGroupIds: [props.securityGroupId] },
      // AWS_REGION is Lambda's to set.
      environment: {
        variables: {
          DATABASE_HOST: props.instance.address,
          DATABASE_PORT: String(PORTS.postgresql),
          DATABASE_NAME,
          ...(masterSecretArn === undefined ? {} : { MASTER_SECRET_ARN: masterSecretArn }),
          NODE_EXTRA_CA_CERTS: RUNTIME_CA_FILE,
        },
      },
      kmsKeyArn: props.keyArn,
      dependsOn: [role.policy],
    };
    const lambda = new LambdaFunction(this, "Resource", {
      ...common,
      functionName: name,
      description: "Makes, changes and archives tenants' roles and schemas; invoked by Terraform",
      timeout: TIMEOUT_SECONDS,
      // MiB. CPU comes in proportion: the start of the bundle and the TLS handshake are what takes time here.
      memorySize: 512,
      reservedConcurrentExecutions: PROVISIONING_CONNECTIONS,
    });
    new LambdaFunction(this, "restore", {
      ...common,
      functionName: restoreName,
      description: "Brings a tenant's schema back from a restored instance; invoked by an operator",
      timeout: RESTORE_TIMEOUT_SECONDS,
      memorySize: RESTORE_MEMORY_MIB,
      reservedConcurrentExecutions: 1,
    });
    if (masterSecretArn !== undefined) {
      new LambdaInvocation(this, "bootstrap", {
        functionName: lambda.functionName,
        input: JSON.stringify({ action: "bootstrap" }),
        lifecycleScope: "CREATE_ONLY",
        triggers: { version: BOOTSTRAP_VERSION },
        dependsOn: [...props.ways],
      });
    }
    this.name = lambda.functionName;
  }

  /** One user by IAM; the master's password for the bootstrap; the key for that and for the function's environment. */
  private database({ account, instance, keyArn, masterSecretArn }: TenantDatabaseFunctionProps) {
    return [
      {
        sid: "LogInAsTheProvisioner",
        actions: ["rds-db:connect"],
        resources: [account.arn("rds-db", `dbuser:${instance.resourceId}/${PROVISIONER}`)],
      },
      ...(masterSecretArn === undefined ? [] : readMasterSecret(masterSecretArn, keyArn, account.region)),
      decryptEnvironment(keyArn, this.arns),
    ];
  }

  /** Lambda's own calls, on the role's behalf, and none of the code's. */
  private network({ account, subnetIds, securityGroupId }: TenantDatabaseFunctionProps) {
    const { create, others, describe } = INTERFACE_ACTIONS;
    return [
      {
        sid: "CreateInterfaces",
        actions: [create],
        resources: account.arns(
          "ec2",
          "network-interface/*",
          ...subnetIds.map((subnetId) => `subnet/${subnetId}`),
          `security-group/${securityGroupId}`,
        ),
      },
      // Lambda asks that these name every resource of the account, not single interfaces.
      { sid: "ManageInterfaces", actions: others, resources: account.arns("ec2", "*/*") },
      // These know no resource (service authorization reference, EC2).
      { sid: "FindInterfaces", actions: describe, resources: ["*"] },
      {
        sid: "NoInterfaceCallsFromTheCode",
        effect: "Deny",
        actions: [create, ...others, ...describe],
        resources: ["*"],
        condition: [{ test: "ArnEquals", variable: "lambda:SourceFunctionArn", values: this.arns }],
      },
    ];
  }
}

function readMasterSecret(secretArn: string, keyArn: string, region: string): DataAwsIamPolicyDocumentStatement[] {
  return [
    { sid: "ReadTheMasterSecret", actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] },
    {
      sid: "DecryptTheMasterSecret",
      actions: ["kms:Decrypt"],
      resources: [keyArn],
      condition: [
        { test: "StringEquals", variable: "kms:EncryptionContext:SecretARN", values: [secretArn] },
        { test: "StringEquals", variable: "kms:ViaService", values: [`secretsmanager.${region}.amazonaws.com`] },
      ],
    },
  ];
}

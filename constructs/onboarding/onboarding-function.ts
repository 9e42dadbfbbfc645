import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { Construct } from "constructs";

import { type Environment, ONBOARDING } from "../../config";
import { type Account, roleWithInlinePolicy } from "../account";
import { decryptEnvironment, nodeFunction, writeLogs } from "../function";

export interface OnboardingFunctionProps {
  readonly account: Account;
  readonly environment: Environment;
  /** Key of the logs, the environment, the table, the secret and the queue. */
  readonly keyArn: string;
  readonly table: { readonly name: string; readonly arn: string };
  /** Secret with the GitHub App's credential. */
  readonly secretArn: string;
  /** Queue of events that failed. */
  readonly failedEventsArn: string;
}

/** Seconds that an event is tried for: a request that is hours late surprises whoever has given up on it. */
export const MAX_EVENT_AGE_SECONDS = 3_600;

/**
 * The function that takes requests for tenants and asks CI. It has no VPC: it speaks to GitHub and to public endpoints of
 * AWS, and has no business near the database.
 */
export class OnboardingFunction extends Construct {
  public readonly arn: string;
  public readonly name: string;
  public readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: OnboardingFunctionProps) {
    super(scope, id);
    const name = ONBOARDING.functionName;
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/lambda/${name}`,
      retentionInDays: props.environment.logRetentionDays,
      kmsKeyId: props.keyArn,
    });
    const role = roleWithInlinePolicy(this, {
      name,
      description: "Tenant-onboarding function: keeps requests, reads the GitHub App's credential",
      service: "lambda.amazonaws.com",
      statements: statements(props, logs),
    });
    const lambda = new LambdaFunction(this, "Resource", {
      ...nodeFunction(this, "tenant-onboarding", logs),
      functionName: name,
      description: "Takes requests to provision or deprovision a tenant, and asks CI to carry them out",
      role: role.arn,
      // Three calls of GitHub of at most 8 s each, and DynamoDB's; it ends before a claim on a request does.
      timeout: 40,
      memorySize: 512,
      // Requests are few; more at once than this would be a flood, and the account's other functions need room.
      reservedConcurrentExecutions: 5,
      environment: {
        variables: {
          TASKFLOW_ENV: props.environment.name,
          REQUESTS_TABLE: props.table.name,
          GITHUB_SECRET_ARN: props.secretArn,
        },
      },
      kmsKeyArn: props.keyArn,
      deadLetterConfig: { targetArn: props.failedEventsArn },
      dependsOn: [role.policy],
    });
    new LambdaFunctionEventInvokeConfig(this, "events", {
      functionName: lambda.functionName,
      maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
      maximumRetryAttempts: 2,
    });
    this.arn = lambda.arn;
    this.name = lambda.functionName;
    this.logGroupName = logs.name;
  }
}

/** Items of one table, one secret, one queue, and the one key for those alone. */
function statements(
  { account, keyArn, table, secretArn, failedEventsArn }: OnboardingFunctionProps,
  logs: CloudwatchLogGroup,
): DataAwsIamPolicyDocumentStatement[] {
  const services = ["dynamodb", "secretsmanager", "sqs"].map((service) => `${service}.${account.region}.amazonaws.com`);
  return [
    {
      sid: "KeepRequests",
      actions: ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      resources: [table.arn],
    },
    { sid: "ReadTheCredential", actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] },
    { sid: "KeepFailedEvents", actions: ["sqs:SendMessage"], resources: [failedEventsArn] },
    {
      sid: "UseTheKeyThroughThese",
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: [keyArn],
      condition: [{ test: "StringEquals", variable: "kms:ViaService", values: services }],
    },
    decryptEnvironment(keyArn, [account.arn("lambda", `function:${ONBOARDING.functionName}`)]),
    writeLogs(logs),
  ];
}

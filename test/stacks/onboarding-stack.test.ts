import { ENVIRONMENTS, ONBOARDING } from "../../config";
import { functionBundle } from "../../constructs/function";
import { OnboardingStack } from "../../stacks/onboarding-stack";
import { ALERT_TOPICS, resolved, resourceWith, statements } from "../support/cluster";
import { onlyResource, resourcesOf, synthStack, testApp } from "../support/synth";

describe("OnboardingStack", () => {
  const environment = ENVIRONMENTS.production;
  const json = synthStack(new OnboardingStack(testApp(), "onboarding", { environment, alertTopics: ALERT_TOPICS }));
  const lambda = onlyResource(json, "aws_lambda_function");
  const reference = (type: string, attribute: string) =>
    expect.stringMatching(new RegExp(`^\\$\\{${type}\\.onboarding_[^}]*\\.${attribute}\\}$`)) as unknown;
  const key = reference("aws_kms_key", "arn");
  const queue = reference("aws_sqs_queue", "arn");

  test("is what was reviewed", () => {
    // Code is reviewed as code: its hash would change this with every line of it.
    const { hash, sourceCodeHash } = functionBundle("tenant-onboarding");
    const reviewed = JSON.stringify(json).replaceAll(hash, "HASH").replaceAll(sourceCodeHash, "HASH");
    expect(JSON.parse(reviewed)).toMatchSnapshot();
  });

  test("keeps requests in a table that outlives mistakes, encrypted, and forgets each in time", () => {
    expect(onlyResource(json, "aws_dynamodb_table")).toEqual({
      name: ONBOARDING.functionName,
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "tenant_id",
      range_key: "request_id",
      attribute: [
        { name: "tenant_id", type: "S" },
        { name: "request_id", type: "S" },
      ],
      ttl: { attribute_name: "expires_at", enabled: true },
      point_in_time_recovery: { enabled: true },
      server_side_encryption: { enabled: true, kms_key_arn: key },
      deletion_protection_enabled: true,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("makes the credential's secret without a value", () => {
    expect(onlyResource(json, "aws_secretsmanager_secret")).toMatchObject({ kms_key_id: key });
    expect(resourcesOf(json, "aws_secretsmanager_secret_version")).toEqual({});
  });

  test("the function knows where things are, and nothing that is secret", () => {
    expect(lambda["environment"]).toEqual({
      variables: {
        TASKFLOW_ENV: "production",
        REQUESTS_TABLE: reference("aws_dynamodb_table", "name"),
        GITHUB_SECRET_ARN: reference("aws_secretsmanager_secret", "arn"),
      },
    });
    expect(lambda["kms_key_arn"]).toEqual(key);
    expect(lambda["vpc_config"]).toBeUndefined();
  });

  test("the function may use this table, secret, queue, key and log, and nothing else", () => {
    const log = expect.stringMatching(
      /^\$\{aws_cloudwatch_log_group\.onboarding_function_logs_.*\.arn\}:\*$/,
    ) as unknown;
    expect(JSON.parse(resolved(JSON.stringify(statements(json, "function_document"))))).toEqual([
      {
        sid: "KeepRequests",
        actions: ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        resources: [reference("aws_dynamodb_table", "arn")],
      },
      {
        sid: "ReadTheCredential",
        actions: ["secretsmanager:GetSecretValue"],
        resources: [reference("aws_secretsmanager_secret", "arn")],
      },
      { sid: "KeepFailedEvents", actions: ["sqs:SendMessage"], resources: [queue] },
      {
        sid: "UseTheKeyThroughThese",
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: [key],
        condition: [
          {
            test: "StringEquals",
            variable: "kms:ViaService",
            values: ["dynamodb", "secretsmanager", "sqs"].map((service) => `${service}.ap-northeast-1.amazonaws.com`),
          },
        ],
      },
      {
        sid: "DecryptOwnEnvironment",
        actions: ["kms:Decrypt"],
        resources: [key],
        condition: [
          {
            test: "StringEquals",
            variable: "kms:EncryptionContext:aws:lambda:FunctionArn",
            values: ["arn:aws:lambda:ap-northeast-1:111122223333:function:taskflow-tenant-onboarding"],
          },
        ],
      },
      { sid: "WriteLogs", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [log] },
    ]);
  });

  test("events of the bus reach the function, requests and reports alone, and nothing else may call it", () => {
    const rule = onlyResource(json, "aws_cloudwatch_event_rule");
    expect(JSON.parse(rule["event_pattern"] as string)).toEqual({
      source: ["taskflow.onboarding", "taskflow.ci"],
      "detail-type": ["TenantOnboardingRequest", "TenantOnboardingReport"],
    });
    expect(rule["event_bus_name"]).toEqual(reference("aws_cloudwatch_event_bus", "name"));
    expect(onlyResource(json, "aws_cloudwatch_event_target")["arn"]).toEqual(reference("aws_lambda_function", "arn"));
    expect(onlyResource(json, "aws_lambda_permission")).toMatchObject({
      principal: "events.amazonaws.com",
      source_arn: reference("aws_cloudwatch_event_rule", "arn"),
    });
  });

  test("an event that fails is kept, on either side of the function", () => {
    expect(lambda["dead_letter_config"]).toEqual({ target_arn: queue });
    expect(onlyResource(json, "aws_cloudwatch_event_target")["dead_letter_config"]).toEqual({ arn: queue });
    expect(onlyResource(json, "aws_sqs_queue")).toMatchObject({
      kms_master_key_id: key,
      message_retention_seconds: 1_209_600,
    });
    const [keyPolicy] = Object.values(resourcesOf(json, "aws_kms_key")).map(({ policy }) => String(policy));
    expect(keyPolicy).toContain("events.amazonaws.com");
  });

  test("never asks CI for longer than a claim holds, and never takes more of the account than a few at once", () => {
    expect(lambda["timeout"]).toBeLessThan(60);
    expect(lambda["reserved_concurrent_executions"]).toBe(5);
  });

  test.each(["failures", "failed-events"])("the alarm %s goes to the queue of tickets with its runbook", (name) => {
    expect(
      resourceWith(json, "aws_cloudwatch_metric_alarm", { alarm_name: `taskflow-onboarding-${name}` }),
    ).toMatchObject({
      alarm_actions: [ALERT_TOPICS.ticket],
      alarm_description: expect.stringContaining("See docs/runbooks/onboarding.md."),
      threshold: 0,
    });
  });

  test("the alarm on failures counts what the function logs as an error", () => {
    const filter = onlyResource(json, "aws_cloudwatch_log_metric_filter");
    expect(filter["pattern"]).toBe('{ $.level = "error" }');
    const { namespace, name } = filter["metric_transformation"] as Record<string, string>;
    expect(
      resourceWith(json, "aws_cloudwatch_metric_alarm", { alarm_name: "taskflow-onboarding-failures" }),
    ).toMatchObject({ namespace, metric_name: name });
  });
});

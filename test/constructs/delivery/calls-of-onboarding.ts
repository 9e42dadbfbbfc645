import { arn, calls, REGION } from "./calls";
import type { Call } from "./iam";

const EVENT_BUS = "event-bus/taskflow-onboarding";
const EVENT_RULE = "rule/taskflow-onboarding/taskflow-onboarding";

/** Calls that make, change and, where Terraform may, delete what onboarding alone is made of. */
export const CALLS_OF_ONBOARDING: Readonly<Record<string, readonly Call[]>> = {
  aws_cloudwatch_event_bus: calls("events", "CreateEventBus TagResource DeleteEventBus", arn("events", EVENT_BUS)),
  aws_cloudwatch_event_rule: calls("events", "PutRule TagResource DeleteRule", arn("events", EVENT_RULE)),
  aws_cloudwatch_event_target: calls("events", "PutTargets RemoveTargets", arn("events", EVENT_RULE)),
  aws_cloudwatch_log_metric_filter: calls(
    "logs",
    "PutMetricFilter DeleteMetricFilter",
    arn("logs", "log-group:/aws/lambda/taskflow-tenant-onboarding"),
  ),
  aws_dynamodb_table: [
    ...calls(
      "dynamodb",
      "CreateTable TagResource UpdateContinuousBackups UpdateTable UpdateTimeToLive",
      arn("dynamodb", "table/taskflow-tenant-onboarding"),
    ),
    ...calls("kms", "CreateGrant", arn("kms", "key/1"), { "kms:GrantIsForAWSResource": "true" }),
    ...calls("kms", "Decrypt Encrypt GenerateDataKey ReEncryptTo", arn("kms", "key/1"), {
      "kms:ViaService": `dynamodb.${REGION}.amazonaws.com`,
    }),
  ],
  aws_lambda_function_event_invoke_config: calls(
    "lambda",
    "PutFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig",
    arn("lambda", "function:taskflow-tenant-onboarding"),
  ),
  aws_secretsmanager_secret: [
    ...calls("secretsmanager", "CreateSecret TagResource", arn("secretsmanager", "secret:taskflow-onboarding-AbCdEf")),
    ...calls("kms", "Decrypt GenerateDataKey", arn("kms", "key/1"), {
      "kms:ViaService": `secretsmanager.${REGION}.amazonaws.com`,
    }),
  ],
  aws_sqs_queue: calls(
    "sqs",
    "CreateQueue TagQueue SetQueueAttributes DeleteQueue",
    arn("sqs", "taskflow-tenant-onboarding-failed"),
  ),
  aws_sqs_queue_policy: calls("sqs", "SetQueueAttributes", arn("sqs", "taskflow-tenant-onboarding-failed")),
};

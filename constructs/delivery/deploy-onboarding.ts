import type { Account } from "../account";
import type { PolicyStatement } from "./policy";

/** The bus, queue, table and secret of onboarding: how they are set up, never what they hold. */
export function deployOnboarding(account: Account): PolicyStatement[] {
  return [
    {
      Sid: "EventBuses",
      Effect: "Allow",
      Action: [
        "events:CreateEventBus",
        "events:DeleteEventBus",
        "events:DeleteRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "events:TagResource",
        "events:UntagResource",
        "events:UpdateEventBus",
      ],
      Resource: account.arns("events", "event-bus/taskflow-*", "rule/taskflow-*/taskflow-*"),
    },
    {
      Sid: "Queues",
      Effect: "Allow",
      Action: ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"],
      Resource: account.arns("sqs", "taskflow-*"),
    },
    {
      Sid: "Tables",
      Effect: "Allow",
      Action: [
        "dynamodb:CreateTable",
        "dynamodb:TagResource",
        "dynamodb:UntagResource",
        "dynamodb:UpdateContinuousBackups",
        "dynamodb:UpdateTable",
        "dynamodb:UpdateTimeToLive",
      ],
      Resource: account.arns("dynamodb", "table/taskflow-*"),
    },
    {
      Sid: "EmptySecrets",
      Effect: "Allow",
      Action: ["secretsmanager:CreateSecret", "secretsmanager:TagResource", "secretsmanager:UntagResource"],
      Resource: account.arns("secretsmanager", "secret:taskflow-*"),
    },
  ];
}

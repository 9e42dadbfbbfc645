import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";

import { type Account, tlsOnly } from "../account";

export interface FailedEventsProps {
  readonly account: Account;
  readonly keyArn: string;
}

/** SQS keeps a message for two weeks at most. */
const RETENTION_SECONDS = 14 * 86_400;

/** Events that the function refused or failed at, each with its error, and those that never reached it. */
export class FailedEvents extends Construct {
  public readonly name = "taskflow-tenant-onboarding-failed";
  public readonly arn: string;

  constructor(scope: Construct, id: string, props: FailedEventsProps) {
    super(scope, id);
    const queue = new SqsQueue(this, "Resource", {
      name: this.name,
      kmsMasterKeyId: props.keyArn,
      messageRetentionSeconds: RETENTION_SECONDS,
    });
    const policy = new DataAwsIamPolicyDocument(this, "document", {
      statement: [
        {
          sid: "EventBridgeOfThisAccount",
          principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
          actions: ["sqs:SendMessage"],
          resources: [queue.arn],
          condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [props.account.id] }],
        },
        tlsOnly("sqs:SendMessage", queue.arn),
      ],
    });
    new SqsQueuePolicy(this, "policy", { queueUrl: queue.url, policy: policy.json });
    this.arn = queue.arn;
  }
}

import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { Construct } from "constructs";

import type { Account } from "./account";
import { EncryptionKey } from "./encryption-key";
import { tlsOnly } from "./tls-only";

export interface AlarmTopicProps {
  readonly account: Account;
  /** Begins with `taskflow-`: the deploy role may make no other. */
  readonly name: string;
  /** Service principals that publish to the topic. None: only who has a role that may. */
  readonly publishers: readonly string[];
  /** Key of the messages, which the publishers may use. @default - one of the topic's own */
  readonly key?: EncryptionKey;
}

/** An encrypted topic that AWS services of this account publish alarms to, over TLS. */
export class AlarmTopic extends Construct {
  public readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const key =
      props.key ??
      new EncryptionKey(this, "key", {
        account: props.account,
        name: props.name,
        description: `Messages of the topic ${props.name}`,
        publishers: props.publishers,
      });
    const topic = new SnsTopic(this, "Resource", { name: props.name, kmsMasterKeyId: key.arn });
    const policy = new DataAwsIamPolicyDocument(this, "document", {
      statement: [
        ...(props.publishers.length === 0 ? [] : [allowPublishing(topic.arn, props)]),
        tlsOnly("sns:Publish", topic.arn),
      ],
    });
    new SnsTopicPolicy(this, "policy", { arn: topic.arn, policy: policy.json });
    this.arn = topic.arn;
  }
}

function allowPublishing(topicArn: string, props: AlarmTopicProps): DataAwsIamPolicyDocumentStatement {
  return {
    sid: "PublishersOfThisAccount",
    principals: [{ type: "Service", identifiers: [...props.publishers] }],
    actions: ["sns:Publish"],
    resources: [topicArn],
    condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [props.account.id] }],
  };
}

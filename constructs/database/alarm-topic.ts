import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { Construct } from "constructs";

import { type Account, EncryptionKey } from "../account";

export interface AlarmTopicProps {
  readonly account: Account;
  /** Begins with `taskflow-alarms-`. */
  readonly name: string;
  /** Service principals that publish to the topic. */
  readonly publishers: readonly string[];
}

/** An encrypted topic that AWS services of this account publish alarms to, over TLS. */
export class AlarmTopic extends Construct {
  public readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const key = new EncryptionKey(this, "key", {
      account: props.account,
      name: props.name,
      description: `Messages of the topic ${props.name}`,
      publishers: props.publishers,
    });
    const topic = new SnsTopic(this, "Resource", { name: props.name, kmsMasterKeyId: key.arn });
    const policy = new DataAwsIamPolicyDocument(this, "document", {
      statement: [
        {
          sid: "PublishersOfThisAccount",
          principals: [{ type: "Service", identifiers: [...props.publishers] }],
          actions: ["sns:Publish"],
          resources: [topic.arn],
          condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [props.account.id] }],
        },
        {
          sid: "TlsOnly",
          effect: "Deny",
          principals: [{ type: "*", identifiers: ["*"] }],
          actions: ["sns:Publish"],
          resources: [topic.arn],
          condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
      ],
    });
    new SnsTopicPolicy(this, "policy", { arn: topic.arn, policy: policy.json });
    this.arn = topic.arn;
  }
}

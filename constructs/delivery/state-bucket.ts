import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { Lazy } from "cdktf";
import { Construct } from "constructs";

import { DELIVERED_LOGS_DAYS, SecureBucket } from "../storage";

export interface StateBucketProps {
  /** Name of the bucket that the stacks' backends write to. */
  readonly bucketName: string;
}

/** Days that a state's earlier versions stay, to go back to. */
const KEEP_VERSIONS_DAYS = 365;

/** Earlier versions of each state that stay longer than that, for a stack that nobody changes in a year. */
const KEEP_VERSIONS = 20;

/**
 * The bucket of all Terraform states, and a second one with its access log: who read or wrote which state. S3 delivers
 * that log without CloudTrail's data events, which are billed for each request.
 */
export class StateBucket extends Construct {
  public readonly name: string;
  public readonly logsName: string;

  constructor(scope: Construct, id: string, props: StateBucketProps) {
    super(scope, id);
    this.name = props.bucketName;
    this.logsName = `${props.bucketName}-logs`;

    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const { partition } = new DataAwsPartition(this, "partition");
    // By the name that the bucket has in the end: in a secondary region it ends otherwise.
    const stateBucketArn = Lazy.stringValue({
      produce: () => `arn:${partition}:s3:::${states.bucket.bucketInput ?? ""}`,
    });
    const logs = new SecureBucket(this, "logs", {
      bucketName: this.logsName,
      accessLogs: { noneBecause: "holds the access log itself; logging it would fill it with its own deliveries" },
      expireAfterDays: DELIVERED_LOGS_DAYS,
      keepVersionsDays: 30,
      allow: (bucketArn) => [
        {
          sid: "AccessLogs",
          principals: [{ type: "Service", identifiers: ["logging.s3.amazonaws.com"] }],
          actions: ["s3:PutObject"],
          resources: [`${bucketArn}/*`],
          condition: [
            { test: "StringEquals", variable: "aws:SourceAccount", values: [accountId] },
            { test: "ArnEquals", variable: "aws:SourceArn", values: [stateBucketArn] },
          ],
        },
      ],
    });
    const states = new SecureBucket(this, "Resource", {
      bucketName: this.name,
      accessLogs: { bucket: logs, prefix: "states/" },
      keepVersionsDays: KEEP_VERSIONS_DAYS,
      keepVersions: KEEP_VERSIONS,
    });
  }
}

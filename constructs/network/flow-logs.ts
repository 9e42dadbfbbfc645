import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Construct } from "constructs";

import { DELIVERED_LOGS_DAYS, SecureBucket } from "../storage";

export interface FlowLogsProps {
  readonly vpcId: string;
  readonly region: string;
  /** Name of the environment; distinguishes bucket names, which are global to AWS. */
  readonly environment: string;
}

/** Seconds over which AWS sums up a flow: 60 or 600. Ten minutes make a tenth of the records. */
const AGGREGATION_SECONDS = 600;

/**
 * Fields of a record, in order. Beyond AWS's default: the packet's own addresses, which the NAT gateway and the nodes
 * hide, the direction and path, and the flags that tell who opened a connection.
 */
const FIELDS = [
  "version",
  "account-id",
  "interface-id",
  "subnet-id",
  "instance-id",
  "srcaddr",
  "dstaddr",
  "srcport",
  "dstport",
  "pkt-srcaddr",
  "pkt-dstaddr",
  "protocol",
  "tcp-flags",
  "packets",
  "bytes",
  "start",
  "end",
  "action",
  "flow-direction",
  "traffic-path",
  "log-status",
];

/** Who spoke to whom in the VPC, and what was refused: Parquet files in S3, partitioned for Athena. */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const accountId = new DataAwsCallerIdentity(this, "account").accountId;
    const partition = new DataAwsPartition(this, "partition").partition;
    const logs = new SecureBucket(this, "bucket", {
      bucketName: `taskflow-${props.environment}-flow-logs-${accountId}`,
      accessLogs: { noneBecause: "holds logs itself; CloudTrail records who changes the bucket" },
      expireAfterDays: DELIVERED_LOGS_DAYS,
      keepVersionsDays: 30,
      allow: (bucketArn) =>
        deliveryStatements({ bucketArn, accountId, sourceArn: `arn:${partition}:logs:${props.region}:${accountId}:*` }),
    });
    new FlowLog(this, "Resource", {
      vpcId: props.vpcId,
      trafficType: "ALL",
      logDestinationType: "s3",
      logDestination: logs.bucket.arn,
      maxAggregationInterval: AGGREGATION_SECONDS,
      // `$$` is Terraform's escape: AWS itself reads ${field}.
      logFormat: FIELDS.map((field) => `$$\{${field}}`).join(" "),
      destinationOptions: { fileFormat: "parquet", hiveCompatiblePartitions: true, perHourPartition: false },
      tags: { Name: "taskflow" },
      // AWS attaches a policy of its own to a bucket that does not let it write yet.
      dependsOn: [logs.policy],
    });
  }
}

/** What log delivery asks of a bucket (VPC user guide, S3 bucket permissions for flow logs). */
function deliveryStatements(props: {
  readonly bucketArn: string;
  readonly accountId: string;
  readonly sourceArn: string;
}): DataAwsIamPolicyDocumentStatement[] {
  const principals = [{ type: "Service", identifiers: ["delivery.logs.amazonaws.com"] }];
  const fromThisAccount = [
    { test: "StringEquals", variable: "aws:SourceAccount", values: [props.accountId] },
    { test: "ArnLike", variable: "aws:SourceArn", values: [props.sourceArn] },
  ];
  return [
    {
      sid: "AWSLogDeliveryWrite",
      principals,
      actions: ["s3:PutObject"],
      resources: [`${props.bucketArn}/AWSLogs/aws-account-id=${props.accountId}/*`],
      condition: [
        ...fromThisAccount,
        { test: "StringEquals", variable: "s3:x-amz-acl", values: ["bucket-owner-full-control"] },
      ],
    },
    {
      sid: "AWSLogDeliveryAclCheck",
      principals,
      actions: ["s3:GetBucketAcl", "s3:ListBucket"],
      resources: [props.bucketArn],
      condition: fromThisAccount,
    },
  ];
}

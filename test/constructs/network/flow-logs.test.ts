import { FlowLogs } from "../../../constructs/network";
import { onlyResource, type ResourceJson, synthConstruct } from "../../support/synth";

const json = synthConstruct(
  (scope) => new FlowLogs(scope, "flow-logs", { vpcId: "vpc-1", region: "ap-northeast-1", environment: "production" }),
);

describe("FlowLogs", () => {
  test("records accepted and refused traffic of the whole VPC every ten minutes", () => {
    expect(onlyResource(json, "aws_flow_log")).toMatchObject({
      vpc_id: "vpc-1",
      traffic_type: "ALL",
      max_aggregation_interval: 600,
      log_destination_type: "s3",
      destination_options: { file_format: "parquet", hive_compatible_partitions: true },
    });
  });

  test("records the packet's own addresses, escaped from Terraform's templates", () => {
    const format = String(onlyResource(json, "aws_flow_log")["log_format"]).split(" ");

    expect(format).toEqual(expect.arrayContaining(["$${pkt-srcaddr}", "$${pkt-dstaddr}", "$${action}"]));
    expect(format.every((field) => /^\$\$\{[a-z-]+\}$/.test(field))).toBe(true);
  });

  test("lets only log delivery for this account write, where Hive partitions begin", () => {
    const documents = Object.values(json.data?.["aws_iam_policy_document"] ?? {});
    const write = (documents[0]?.["statement"] as ResourceJson[]).find(({ sid }) => sid === "AWSLogDeliveryWrite");

    expect(write).toMatchObject({
      principals: [{ type: "Service", identifiers: ["delivery.logs.amazonaws.com"] }],
      actions: ["s3:PutObject"],
      resources: [expect.stringContaining("/AWSLogs/aws-account-id=$")],
    });
    expect((write?.["condition"] as ResourceJson[]).map(({ variable }) => variable as string)).toEqual([
      "aws:SourceAccount",
      "aws:SourceArn",
      "s3:x-amz-acl",
    ]);
  });

  test("waits for the bucket's policy, so that AWS writes none of its own", () => {
    expect(onlyResource(json, "aws_flow_log")["depends_on"]).toEqual([
      expect.stringMatching(/^aws_s3_bucket_policy\./),
    ]);
  });
});

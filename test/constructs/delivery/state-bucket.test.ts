import { StateBucket } from "../../../constructs/delivery";
import { onlyResource, resourcesOf, synthConstruct } from "../../support/synth";

const json = synthConstruct((scope) => new StateBucket(scope, "states", { bucketName: "taskflow-test-state" }));

function lifecycleOf(bucketName: string) {
  const id = Object.entries(resourcesOf(json, "aws_s3_bucket")).find(([, { bucket }]) => bucket === bucketName)?.[0];
  return Object.values(resourcesOf(json, "aws_s3_bucket_lifecycle_configuration")).find(
    ({ bucket }) => bucket === `\${aws_s3_bucket.${id}.id}`,
  )?.["rule"] as unknown;
}

describe("StateBucket", () => {
  test("never expires a state, and keeps its versions for a year and the last 20 for ever", () => {
    expect(lifecycleOf("taskflow-test-state")).toEqual([
      expect.objectContaining({
        expiration: [{ expired_object_delete_marker: true }],
        noncurrent_version_expiration: [{ noncurrent_days: 365, newer_noncurrent_versions: 20 }],
      }),
    ]);
  });

  test("logs who reads and writes states to a second bucket, for a year", () => {
    expect(onlyResource(json, "aws_s3_bucket_logging")).toMatchObject({
      target_prefix: "states/",
      bucket: expect.not.stringContaining("logs"),
      target_bucket: expect.stringContaining("states_logs"),
    });
    expect(lifecycleOf("taskflow-test-state-logs")).toEqual([expect.objectContaining({ expiration: [{ days: 365 }] })]);
  });

  test("keeps both buckets from being destroyed", () => {
    const buckets = Object.values(resourcesOf(json, "aws_s3_bucket"));

    expect(buckets.map(({ lifecycle }) => lifecycle as unknown)).toEqual([
      { prevent_destroy: true },
      { prevent_destroy: true },
    ]);
  });

  test("lets only S3's log delivery for the state bucket write to the log", () => {
    const delivery = Object.values(json.data?.["aws_iam_policy_document"] ?? {})
      .flatMap(({ statement }) => statement as { sid: string }[])
      .filter(({ sid }) => sid === "AccessLogs");

    expect(delivery).toEqual([
      expect.objectContaining({
        principals: [{ type: "Service", identifiers: ["logging.s3.amazonaws.com"] }],
        actions: ["s3:PutObject"],
        condition: [
          expect.objectContaining({ variable: "aws:SourceAccount" }),
          expect.objectContaining({
            variable: "aws:SourceArn",
            values: [expect.stringMatching(/:s3:::taskflow-test-state$/)],
          }),
        ],
      }),
    ]);
  });
});

import { SecureBucket } from "../../../constructs/storage";
import { onlyResource, type ResourceJson, resourcesOf, synthConstruct } from "../../support/synth";

const json = synthConstruct(
  (scope) =>
    new SecureBucket(scope, "bucket", {
      bucketName: "taskflow-test",
      accessLogs: { noneBecause: "a test" },
      expireAfterDays: 365,
      keepVersionsDays: 30,
      allow: (bucketArn) => [{ sid: "Extra", actions: ["s3:PutObject"], resources: [`${bucketArn}/*`] }],
    }),
);

function statements(): ResourceJson[] {
  return Object.values(json.data?.["aws_iam_policy_document"] ?? {})[0]?.["statement"] as ResourceJson[];
}

describe("SecureBucket", () => {
  test("cannot be destroyed by an edit", () => {
    expect(onlyResource(json, "aws_s3_bucket")).toMatchObject({
      bucket: "taskflow-test",
      lifecycle: { prevent_destroy: true },
    });
  });

  test("is closed to the public, by policy and by ACL", () => {
    expect(onlyResource(json, "aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(onlyResource(json, "aws_s3_bucket_ownership_controls")["rule"]).toEqual({
      object_ownership: "BucketOwnerEnforced",
    });
  });

  test("refuses plain HTTP and TLS before 1.2 to everyone", () => {
    expect(statements().slice(0, 2)).toEqual([
      expect.objectContaining({
        effect: "Deny",
        actions: ["s3:*"],
        principals: [{ type: "*", identifiers: ["*"] }],
        condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
      }),
      expect.objectContaining({
        effect: "Deny",
        actions: ["s3:*"],
        principals: [{ type: "*", identifiers: ["*"] }],
        condition: [{ test: "NumericLessThan", variable: "s3:TlsVersion", values: ["1.2"] }],
      }),
    ]);
  });

  test("adds what its user allows", () => {
    expect(statements().slice(2)).toEqual([expect.objectContaining({ sid: "Extra" })]);
  });

  test("encrypts with S3's key and takes no key of a caller's own", () => {
    expect(onlyResource(json, "aws_s3_bucket_server_side_encryption_configuration")["rule"]).toEqual([
      {
        apply_server_side_encryption_by_default: { sse_algorithm: "AES256" },
        blocked_encryption_types: ["SSE-C"],
      },
    ]);
  });

  test("keeps versions for as long as it is told, and objects too", () => {
    expect(onlyResource(json, "aws_s3_bucket_versioning")["versioning_configuration"]).toEqual({ status: "Enabled" });
    expect(onlyResource(json, "aws_s3_bucket_lifecycle_configuration")["rule"]).toEqual([
      expect.objectContaining({
        status: "Enabled",
        expiration: [{ days: 365 }],
        noncurrent_version_expiration: [{ noncurrent_days: 30 }],
      }),
    ]);
  });

  test("expires no object unless it is told to", () => {
    const kept = synthConstruct(
      (scope) =>
        new SecureBucket(scope, "bucket", {
          bucketName: "taskflow-kept",
          accessLogs: { noneBecause: "a test" },
          keepVersionsDays: 365,
          keepVersions: 20,
        }),
    );

    expect(onlyResource(kept, "aws_s3_bucket_lifecycle_configuration")["rule"]).toEqual([
      expect.objectContaining({
        expiration: [{ expired_object_delete_marker: true }],
        noncurrent_version_expiration: [{ noncurrent_days: 365, newer_noncurrent_versions: 20 }],
      }),
    ]);
  });

  test("logs access only where it is told to", () => {
    expect(resourcesOf(json, "aws_s3_bucket_logging")).toEqual({});
  });
});

import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";

import { STATEFUL_TYPES } from "../../constructs/stateful-guard";
import { generateRows } from "../support/fleet";
import { synthPlatform } from "../support/platform";
import { synthConstruct } from "../support/synth";

describe("StatefulGuard", () => {
  test("a stateful resource without prevent_destroy does not synthesize", () => {
    expect(() => synthConstruct((scope) => new S3Bucket(scope, "bucket"))).toThrow(
      "test/bucket: aws_s3_bucket is stateful: set lifecycle.preventDestroy",
    );
    expect(() => synthConstruct((scope) => new KmsKey(scope, "key", { lifecycle: { preventDestroy: false } }))).toThrow(
      "test/key: aws_kms_key is stateful: set lifecycle.preventDestroy",
    );
  });

  test("one with it does, and so does what holds no state", () => {
    expect(() =>
      synthConstruct((scope) => {
        new S3Bucket(scope, "bucket", { lifecycle: { preventDestroy: true } });
        new Vpc(scope, "vpc");
      }),
    ).not.toThrow();
  });

  test("every stateful resource of the platform is protected", () => {
    const found: string[] = [];
    for (const [path, content] of synthPlatform(generateRows(3))) {
      if (!path.endsWith("cdk.tf.json")) {
        continue;
      }
      const { resource = {} } = JSON.parse(content) as {
        resource?: Record<string, Record<string, { lifecycle?: { prevent_destroy?: boolean } }>>;
      };
      for (const type of Object.keys(resource).filter((name) => STATEFUL_TYPES.has(name))) {
        for (const [id, { lifecycle }] of Object.entries(resource[type] ?? {})) {
          found.push(type);
          expect([`${type}.${id}`, lifecycle?.prevent_destroy]).toEqual([`${type}.${id}`, true]);
        }
      }
    }
    expect(new Set(found)).toEqual(
      new Set([
        "aws_backup_vault",
        "aws_db_instance",
        "aws_dynamodb_table",
        "aws_ecr_repository",
        "aws_eks_cluster",
        "aws_kms_key",
        "aws_s3_bucket",
        "aws_secretsmanager_secret",
        "kubernetes_persistent_volume_claim_v1",
      ]),
    );
  });
});

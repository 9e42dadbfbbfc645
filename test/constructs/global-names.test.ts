import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { type Construct } from "constructs";

import { inTwoRegions, secondaryOf } from "../support/regions";
import { onlyResource, synthConstruct } from "../support/synth";

const primary = inTwoRegions("standby");
const role = (name: string) => (scope: Construct) => new IamRole(scope, "role", { name, assumeRolePolicy: "{}" });
const bucket = (name: string) => (scope: Construct) =>
  new S3Bucket(scope, "bucket", { bucket: name, lifecycle: { preventDestroy: true } });

describe("GlobalNames", () => {
  test("a role and a bucket of the second region have names of their own", () => {
    const secondary = secondaryOf(primary);
    expect(onlyResource(synthConstruct(role("taskflow-a"), secondary), "aws_iam_role")["name"]).toBe("taskflow-a-dr");
    expect(onlyResource(synthConstruct(bucket("taskflow-b"), secondary), "aws_s3_bucket")["bucket"]).toBe(
      "taskflow-b-dr",
    );
  });

  test("the primary's names stay as they are", () => {
    expect(onlyResource(synthConstruct(role("taskflow-a"), primary), "aws_iam_role")["name"]).toBe("taskflow-a");
  });

  test("a name that grows too long does not synthesize", () => {
    const name = "r".repeat(62);
    expect(() => synthConstruct(role(name), secondaryOf(primary))).toThrow(
      `test/role: name "${name}-dr" has 65 characters; allowed: at most 64`,
    );
  });
});

import { ENVIRONMENTS } from "../../config";
import { BootstrapStack } from "../../stacks/bootstrap-stack";
import { inTwoRegions } from "../support/regions";
import { synthStack, testApp } from "../support/synth";

const environment = ENVIRONMENTS.production;

describe("BootstrapStack", () => {
  const json = synthStack(new BootstrapStack(testApp(), "bootstrap", { environment }));

  test("keeps its own state locally: it makes the bucket that others keep theirs in", () => {
    expect(Object.keys(json.terraform?.["backend"] as object)).toEqual(["local"]);
  });

  test("makes the bucket that the other stacks' backends name", () => {
    const buckets = Object.values(json.resource?.["aws_s3_bucket"] ?? {}).map(({ bucket }) => bucket as string);

    expect(buckets).toContain(environment.stateBucket);
  });

  test("hands no value to another stack", () => {
    expect(json.output).toBeUndefined();
  });

  test("lets the deploy role make the master password where the database is replicated, and there alone", () => {
    const policies = (role: "off" | "standby") => {
      const stack = new BootstrapStack(testApp(), "bootstrap", { environment: inTwoRegions(role) });
      return JSON.stringify(synthStack(stack).resource?.["aws_iam_policy"]);
    };
    expect(policies("standby")).toContain("secretsmanager:GetRandomPassword");
    expect(policies("off")).not.toContain("secretsmanager:GetRandomPassword");
  });

  test("matches its snapshot", () => {
    expect(json).toMatchSnapshot();
  });
});

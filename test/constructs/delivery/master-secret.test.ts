import { testBootstrap } from "./bootstrap";
import { arn } from "./calls";
import { CALLS_OF_SECONDARY } from "./calls-of-secondary";
import { judge, policiesOf } from "./iam";

const json = testBootstrap({ makesMasterPassword: true });
const deploy = Object.values(policiesOf(json, "taskflow-ci-deploy-"));
const plan = Object.values(policiesOf(json, "taskflow-ci-plan-"));

const MASTER = arn("secretsmanager", "secret:taskflow-database-master-AbCdEf");

function verdict(policies: readonly string[], action: string, resource: string) {
  return judge(policies, { action, resource });
}

describe("the deploy role, where Terraform makes the master password", () => {
  test.each(Object.entries(CALLS_OF_SECONDARY))("deploys %s", (_type, calls) => {
    expect(calls.filter((call) => judge(deploy, call) !== "allowed")).toEqual([]);
  });

  test.each([
    "secret:rds!db-1-AbCdEf",
    "secret:taskflow-onboarding-github-app-AbCdEf",
    "secret:taskflow-database-master-of-another-AbCdEf",
  ])("reads no other secret, such as %s", (name) => {
    expect(verdict(deploy, "secretsmanager:GetSecretValue", arn("secretsmanager", name))).toBe("denied");
  });

  test.each(["secretsmanager:DeleteSecret", "secretsmanager:PutResourcePolicy", "secretsmanager:BatchGetSecretValue"])(
    "and may not %s at it",
    (action) => {
      expect(verdict(deploy, action, MASTER)).toBe("not allowed");
    },
  );

  test.each(["ec2:GetPasswordData", "rds-db:connect", "logs:GetLogEvents"])("is refused %s as ever", (action) => {
    expect(verdict(deploy, action, "*")).toBe("denied");
  });

  test("has no more policies than ten, each within IAM's 6,144 characters", () => {
    expect(deploy.length).toBeLessThanOrEqual(10);
    expect(deploy.filter((document) => document.length > 6_144)).toEqual([]);
  });
});

describe("the plan role, where Terraform makes the master password", () => {
  test("neither draws one nor reads it", () => {
    expect(verdict(plan, "secretsmanager:GetSecretValue", MASTER)).toBe("denied");
    expect(verdict(plan, "secretsmanager:GetRandomPassword", "*")).toBe("not allowed");
  });

  test("refreshes it by the list of its versions", () => {
    expect(verdict(plan, "secretsmanager:ListSecretVersionIds", MASTER)).toBe("allowed");
  });
});

test("where RDS makes it, the deploy role reads no secret at all", () => {
  const policies = Object.values(policiesOf(testBootstrap(), "taskflow-ci-deploy-"));
  expect(verdict(policies, "secretsmanager:GetSecretValue", MASTER)).toBe("denied");
  expect(verdict(policies, "secretsmanager:PutSecretValue", MASTER)).toBe("not allowed");
});

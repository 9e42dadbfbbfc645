import { standby } from "../../support/regions";
import { testBootstrap } from "./bootstrap";
import { CALLS_BY_TYPE } from "./calls-by-type";
import {
  APPLIED_SECRETS,
  CALLS_OF_SECOND_REGION,
  FOREIGN_PEERING,
  FOREIGN_SECRETS,
  inRegion,
  SECOND_REGION,
} from "./calls-of-second-region";
import { ACCOUNT_ID, type Call, judge, policiesOf } from "./iam";

const json = testBootstrap(standby());
const deploy = policiesOf(json, "taskflow-ci-deploy-");
const plan = policiesOf(json, "taskflow-ci-plan-");

const refused = (calls: readonly (Call | undefined)[]): readonly Call[] =>
  calls.filter((call) => call !== undefined).filter((call) => judge(Object.values(deploy), call) !== "allowed");

const deploys = (action: string, resource: string, context: Call["context"] = {}) =>
  judge(Object.values(deploy), { action, resource, context });

const BUCKETS = ["taskflow-production-terraform-state", "taskflow-production-terraform-state-dr"];

describe("with a second region the deploy role", () => {
  test.each(Object.entries(CALLS_BY_TYPE))("deploys %s in both", (_type, calls) => {
    expect(refused(calls)).toEqual([]);
    expect(refused(calls.map((call) => inRegion(call, SECOND_REGION)))).toEqual([]);
  });

  test.each(Object.entries(CALLS_OF_SECOND_REGION))("deploys %s as the second region has it", (_type, calls) => {
    expect(refused(calls)).toEqual([]);
  });

  test("deploys in no third", () => {
    const calls = Object.values(CALLS_BY_TYPE)
      .flat()
      .map((call) => inRegion(call, "eu-west-1"))
      .filter((call) => call !== undefined);

    expect(calls.length).toBeGreaterThan(100);
    expect(calls.filter((call) => judge(Object.values(deploy), call) === "allowed")).toEqual([]);
  });

  test("reaches services without regions, wherever the two are", () => {
    const policies = Object.values(
      policiesOf(testBootstrap({ ...standby(), region: "eu-west-1" }), "taskflow-ci-deploy-"),
    );
    const calls = [CALLS_BY_TYPE, CALLS_OF_SECOND_REGION]
      .flatMap((byType) => Object.values(byType).flat())
      .filter(({ action }) => /^(budgets|ce|iam|route53):/.test(action));

    expect(new Set(calls.map(({ action }) => action.split(":")[0]))).toEqual(
      new Set(["budgets", "ce", "iam", "route53"]),
    );
    expect(calls.filter((call) => judge(policies, call) !== "allowed")).toEqual([]);
  });

  test.each(BUCKETS)("reads, writes and locks the states in %s, and touches nothing else of it", (bucket) => {
    const state = `arn:aws:s3:::${bucket}/production/dr-vpc.tfstate`;
    expect(deploys("s3:ListBucket", `arn:aws:s3:::${bucket}`)).toBe("allowed");
    expect(deploys("s3:PutObject", state)).toBe("allowed");
    expect(deploys("s3:DeleteObject", `${state}.tflock`)).toBe("allowed");
    expect(deploys("s3:DeleteObject", state)).toBe("denied");
    for (const name of [bucket, bucket.replace("terraform-state", "terraform-state-logs")]) {
      expect(deploys("s3:PutBucketPolicy", `arn:aws:s3:::${name}`)).toBe("denied");
    }
  });

  test("reads the two secrets that an apply hands on, and no other", () => {
    for (const secret of APPLIED_SECRETS) {
      expect(deploys("secretsmanager:GetSecretValue", secret)).toBe("allowed");
    }
    for (const secret of FOREIGN_SECRETS) {
      expect(deploys("secretsmanager:GetSecretValue", secret)).toBe("denied");
      expect(deploys("secretsmanager:PutSecretValue", secret)).toBe("not allowed");
    }
    expect(deploys("secretsmanager:BatchGetSecretValue", APPLIED_SECRETS[0] ?? "")).toBe("denied");
  });

  test("puts no certificate of the mesh: that is an operator's", () => {
    expect(APPLIED_SECRETS.map((secret) => deploys("secretsmanager:PutSecretValue", secret))).toEqual([
      "allowed",
      "allowed",
      "not allowed",
      "not allowed",
    ]);
  });

  test("accepts no peering that another account asks for", () => {
    expect(deploys(FOREIGN_PEERING.action, FOREIGN_PEERING.resource, FOREIGN_PEERING.context)).toBe("not allowed");
  });

  test("stays within IAM's quotas", () => {
    expect(Object.keys(deploy).length).toBeLessThanOrEqual(10);
    for (const document of Object.values({ ...deploy, ...plan, ...policiesOf(json, "taskflow-boundary") })) {
      expect(document.length).toBeLessThanOrEqual(6_144);
    }
  });
});

describe("without one the deploy role", () => {
  const alone = Object.values(policiesOf(testBootstrap(), "taskflow-ci-deploy-"));

  test("has none of it", () => {
    const types = ["aws_route53_health_check", "aws_vpc_peering_connection", "aws_ecr_repository_creation_template"];
    const calls = types.flatMap((type) => CALLS_OF_SECOND_REGION[type] ?? []);

    expect(calls.filter((call) => judge(alone, call) === "allowed")).toEqual([]);
    expect(
      APPLIED_SECRETS.map((resource) => judge(alone, { action: "secretsmanager:GetSecretValue", resource })),
    ).toEqual(APPLIED_SECRETS.map(() => "denied"));
  });
});

describe("with a second region the plan role", () => {
  const plans = (action: string, resource: string) => judge(Object.values(plan), { action, resource });

  test.each(BUCKETS)("reads and locks the states in %s", (bucket) => {
    expect(plans("s3:GetObject", `arn:aws:s3:::${bucket}/production/dr-vpc.tfstate`)).toBe("allowed");
    expect(plans("s3:PutObject", `arn:aws:s3:::${bucket}/production/dr-vpc.tfstate.tflock`)).toBe("allowed");
    expect(plans("s3:PutObject", `arn:aws:s3:::${bucket}/production/dr-vpc.tfstate`)).toBe("not allowed");
  });

  test("reads no secret", () => {
    for (const secret of [...APPLIED_SECRETS, ...FOREIGN_SECRETS]) {
      expect(plans("secretsmanager:GetSecretValue", secret)).toBe("denied");
    }
  });
});

describe("with a second region the boundary", () => {
  const boundary = Object.values(policiesOf(json, "taskflow-boundary"));
  const verdict = (action: string, resource: string) => judge(boundary, { action, resource });

  test.each(BUCKETS)("keeps workloads from the states in %s", (bucket) => {
    expect(verdict("s3:GetObject", `arn:aws:s3:::${bucket}/production/vpc.tfstate`)).toBe("denied");
  });

  test("admits ECR's making of repositories for replicas, below the platform's prefix", () => {
    const repository = (name: string) => `arn:aws:ecr:${SECOND_REGION}:${ACCOUNT_ID}:repository/${name}`;
    expect(verdict("ecr:CreateRepository", repository("taskflow/task-service"))).toBe("allowed");
    expect(verdict("ecr:CreateRepository", repository("billing/api"))).toBe("not allowed");
  });

  test("admits copies out of the platform's vaults", () => {
    const vault = (name: string) => `arn:aws:backup:ap-northeast-1:${ACCOUNT_ID}:backup-vault:${name}`;
    expect(verdict("backup:CopyFromBackupVault", vault("taskflow-backups"))).toBe("allowed");
    expect(verdict("backup:CopyFromBackupVault", vault("billing"))).toBe("not allowed");
  });
});

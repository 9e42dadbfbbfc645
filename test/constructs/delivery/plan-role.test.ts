import { testBootstrap } from "./bootstrap";
import { ACCOUNT_ID, conditionsHold, judge, policiesOf, roleOf } from "./iam";

const json = testBootstrap();
const policies = policiesOf(json, "taskflow-ci-plan-");

function verdict(action: string, resource: string) {
  return judge(Object.values(policies), { action, resource });
}

const STATES = "arn:aws:s3:::taskflow-production-terraform-state";

describe("the plan role", () => {
  test.each([
    "acm:DescribeCertificate",
    "autoscaling:DescribeAutoScalingGroups",
    "backup:GetBackupPlan",
    "budgets:ViewBudget",
    "ce:ListCostAllocationTags",
    "cloudwatch:DescribeAlarms",
    "dynamodb:DescribeContinuousBackups",
    "ec2:DescribeSecurityGroupRules",
    "ec2:GetSubnetCidrReservations",
    "ecr:GetLifecyclePolicy",
    "eks:DescribeAddonVersions",
    "elasticache:DescribeReplicationGroups",
    "elasticloadbalancing:DescribeListenerAttributes",
    "events:DescribeEventBus",
    "events:ListTargetsByRule",
    "iam:GetRolePolicy",
    "kms:GetKeyPolicy",
    "lambda:GetFunction",
    "logs:DescribeResourcePolicies",
    "rds:DescribeDBProxyTargetGroups",
    "route53:ListResourceRecordSets",
    "secretsmanager:DescribeSecret",
    "sns:GetTopicAttributes",
    "sqs:GetQueueAttributes",
    "wafv2:GetLoggingConfiguration",
  ])("reads by %s", (action) => {
    expect(verdict(action, "*")).toBe("allowed");
  });

  test("reads how the platform's buckets are set up", () => {
    expect(verdict("s3:GetBucketPolicy", "arn:aws:s3:::taskflow-production-flow-logs")).toBe("allowed");
    expect(verdict("s3:GetLifecycleConfiguration", "arn:aws:s3:::taskflow-production-flow-logs")).toBe("allowed");
    expect(verdict("s3:GetBucketPolicy", "arn:aws:s3:::billing")).toBe("not allowed");
  });

  test("reads AWS's public parameters and no others", () => {
    expect(verdict("ssm:GetParameter", "arn:aws:ssm:ap-northeast-1::parameter/aws/service/eks/ami")).toBe("allowed");
    expect(verdict("ssm:GetParameter", `arn:aws:ssm:ap-northeast-1:${ACCOUNT_ID}:parameter/secret`)).toBe("denied");
  });

  test("reads states and takes their locks, but writes no state", () => {
    expect(verdict("s3:GetObject", `${STATES}/production/vpc.tfstate`)).toBe("allowed");
    expect(verdict("s3:PutObject", `${STATES}/production/vpc.tfstate.tflock`)).toBe("allowed");
    expect(verdict("s3:DeleteObject", `${STATES}/production/vpc.tfstate.tflock`)).toBe("allowed");
    expect(verdict("s3:PutObject", `${STATES}/production/vpc.tfstate`)).toBe("not allowed");
    expect(verdict("s3:DeleteObject", `${STATES}/production/vpc.tfstate`)).toBe("not allowed");
    expect(verdict("s3:GetObject", `${STATES}/staging/vpc.tfstate`)).toBe("not allowed");
    expect(verdict("s3:GetObject", "arn:aws:s3:::taskflow-production-edge-logs/AWSLogs/1")).toBe("not allowed");
  });

  test.each([
    "secretsmanager:GetSecretValue",
    "secretsmanager:BatchGetSecretValue",
    "rds-db:connect",
    "rds:DownloadDBLogFilePortion",
    "logs:FilterLogEvents",
    "ec2:GetPasswordData",
  ])("is refused %s whatever else it is allowed", (action) => {
    expect(verdict(action, "*")).toBe("denied");
  });

  test.each([
    "dynamodb:GetItem",
    "ec2:CreateVpc",
    "eks:UpdateClusterConfig",
    "iam:CreateRole",
    "iam:PassRole",
    "kms:Decrypt",
    "lambda:InvokeFunction",
    "rds:ModifyDBInstance",
    "s3:PutBucketPolicy",
    "sts:AssumeRole",
  ])("may not %s", (action) => {
    expect(verdict(action, "*")).toBe("not allowed");
  });

  test("has policies within IAM's 6,144 characters each", () => {
    for (const document of Object.values(policies)) {
      expect(document.length).toBeLessThanOrEqual(6_144);
    }
  });
});

describe("the plan role's trust", () => {
  const role = roleOf(json, "taskflow-plan");
  const [statement, ...others] = (
    JSON.parse(role["assume_role_policy"] as string) as { Statement: Parameters<typeof conditionsHold>[0][] }
  ).Statement;

  function trusts(sub: string, repository = "taskflow/platform", aud = "sts.amazonaws.com"): boolean {
    const issuer = "token.actions.githubusercontent.com";
    return conditionsHold(statement ?? {}, {
      [`${issuer}:sub`]: sub,
      [`${issuer}:repository`]: repository,
      [`${issuer}:aud`]: aud,
    });
  }

  test.each([
    "repo:taskflow/platform:pull_request",
    "repo:taskflow@12/platform@34:pull_request",
    "repo:taskflow/platform:ref:refs/heads/any-branch",
  ])("goes to %s", (sub) => {
    expect(others).toEqual([]);
    expect(trusts(sub)).toBe(true);
  });

  test.each([
    "repo:taskflow/platform:environment:production",
    "repo:taskflow/platform:ref:refs/tags/v1",
    "repo:taskflow/other:pull_request",
    "repo:other/platform:pull_request",
  ])("does not go to %s", (sub) => {
    expect(trusts(sub)).toBe(false);
  });

  test("does not go to a fork's token, nor to one for another audience", () => {
    expect(trusts("repo:taskflow/platform:pull_request", "fork/platform")).toBe(false);
    expect(trusts("repo:taskflow/platform:pull_request", "taskflow/platform", "https://github.com/taskflow")).toBe(
      false,
    );
  });
});

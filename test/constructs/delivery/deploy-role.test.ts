import { testBootstrap } from "./bootstrap";
import { CALLS_BY_TYPE } from "./calls-by-type";
import { CALLS_OF_SECOND_REGION } from "./calls-of-second-region";
import { ACCOUNT_ID, type Call, conditionsHold, judge, policiesOf, roleOf } from "./iam";
import { constructSources, mentioned } from "./sources";

const json = testBootstrap();
const policies = policiesOf(json, "taskflow-ci-deploy-");

function verdict(action: string, resource: string, context: Call["context"] = {}) {
  return judge(Object.values(policies), { action, resource, context });
}

const BOUNDARY = { "iam:PermissionsBoundary": `arn:aws:iam::${ACCOUNT_ID}:policy/taskflow-boundary` };
const iam = (resource: string) => `arn:aws:iam::${ACCOUNT_ID}:${resource}`;
const STATES = "arn:aws:s3:::taskflow-production-terraform-state";

describe("the deploy role deploys", () => {
  // An administrator applies the bootstrap stack; the deploy role must not touch its identity provider.
  const types = mentioned(/from "@cdktf\/provider-aws\/lib\/(?!data-aws-)([a-z0-9-]+)"/g, constructSources())
    .map((name) => `aws_${name.replaceAll("-", "_")}`)
    .filter((type) => type !== "aws_iam_openid_connect_provider");

  test("every type of resource that a construct makes", () => {
    const known = { ...CALLS_BY_TYPE, ...CALLS_OF_SECOND_REGION };
    expect(types.filter((type) => !Object.hasOwn(known, type))).toEqual([]);
  });

  test.each(Object.entries(CALLS_BY_TYPE))("%s", (_type, calls) => {
    const refused = calls.filter((call) => judge(Object.values(policies), call) !== "allowed");

    expect(refused).toEqual([]);
  });

  test("with states that it reads, writes and locks", () => {
    expect(verdict("s3:ListBucket", STATES)).toBe("allowed");
    expect(verdict("s3:GetObject", `${STATES}/production/vpc.tfstate`)).toBe("allowed");
    expect(verdict("s3:PutObject", `${STATES}/production/tenants-00.tfstate`)).toBe("allowed");
    expect(verdict("s3:PutObject", `${STATES}/production/vpc.tfstate.tflock`)).toBe("allowed");
    expect(verdict("s3:DeleteObject", `${STATES}/production/vpc.tfstate.tflock`)).toBe("allowed");
  });

  test.each(["ec2:DescribeVpcs", "eks:DescribeCluster", "iam:GetRole", "rds:DescribeDBInstances", "wafv2:GetWebACL"])(
    "after %s",
    (action) => {
      expect(verdict(action, "*")).toBe("allowed");
    },
  );
});

describe("the deploy role keeps to the platform", () => {
  test.each<[string, string, NonNullable<Call["context"]>]>([
    ["ec2:DeleteVpc", `arn:aws:ec2:ap-northeast-1:${ACCOUNT_ID}:vpc/1`, { "aws:ResourceTag/project": "billing" }],
    ["ec2:DeleteVpc", `arn:aws:ec2:ap-northeast-1:${ACCOUNT_ID}:vpc/1`, {}],
    ["ec2:CreateVpc", `arn:aws:ec2:ap-northeast-1:${ACCOUNT_ID}:vpc/new`, {}],
    ["ec2:CreateVpc", `arn:aws:ec2:us-east-1:${ACCOUNT_ID}:vpc/new`, { "aws:RequestTag/project": "taskflow" }],
    ["ec2:RunInstances", `arn:aws:ec2:ap-northeast-1:${ACCOUNT_ID}:instance/1`, {}],
    ["rds:ModifyDBInstance", `arn:aws:rds:ap-northeast-1:${ACCOUNT_ID}:db:billing`, {}],
    ["rds:DeleteDBProxy", `arn:aws:rds:ap-northeast-1:${ACCOUNT_ID}:db-proxy:prx-1`, {}],
    ["eks:UpdateClusterConfig", `arn:aws:eks:ap-northeast-1:${ACCOUNT_ID}:cluster/billing`, {}],
    ["lambda:UpdateFunctionCode", `arn:aws:lambda:ap-northeast-1:${ACCOUNT_ID}:function:billing`, {}],
    ["s3:PutBucketPolicy", "arn:aws:s3:::billing-data", {}],
    ["s3:GetObject", "arn:aws:s3:::taskflow-production-edge-logs/AWSLogs/1", {}],
    ["ecr:PutImage", `arn:aws:ecr:ap-northeast-1:${ACCOUNT_ID}:repository/taskflow/task-service`, {}],
    ["kms:Decrypt", `arn:aws:kms:ap-northeast-1:${ACCOUNT_ID}:key/1`, {}],
    [
      "route53:ChangeResourceRecordSets",
      "arn:aws:route53:::hostedzone/Z1",
      {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["taskflow.example.com"],
        "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
      },
    ],
    ["budgets:ModifyBudget", `arn:aws:budgets::${ACCOUNT_ID}:budget/everything`, {}],
    ["cloudtrail:StopLogging", `arn:aws:cloudtrail:ap-northeast-1:${ACCOUNT_ID}:trail/organisation`, {}],
  ])("and may not %s at %s", (action, resource, context) => {
    expect(verdict(action, resource, context)).toBe("not allowed");
  });
});

describe("the deploy role cannot gain more than it has", () => {
  test("by a role without the boundary", () => {
    expect(verdict("iam:CreateRole", iam("role/taskflow-new"))).toBe("not allowed");
    expect(
      verdict("iam:CreateRole", iam("role/taskflow-new"), {
        "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
    ).toBe("not allowed");
    expect(verdict("iam:PutRolePolicy", iam("role/taskflow-new"))).toBe("not allowed");
    expect(verdict("iam:DeleteRolePermissionsBoundary", iam("role/taskflow-new"), BOUNDARY)).toBe("denied");
  });

  test("by a role of another name", () => {
    expect(verdict("iam:CreateRole", iam("role/admin"), BOUNDARY)).toBe("not allowed");
    expect(verdict("iam:UpdateAssumeRolePolicy", iam("role/OrganizationAccountAccessRole"))).toBe("not allowed");
  });

  test.each(["taskflow-plan", "taskflow-deploy", "taskflow-report", "taskflow-operator"])(
    "by changing or handing on %s",
    (name) => {
      for (const action of ["PutRolePolicy", "AttachRolePolicy", "UpdateAssumeRolePolicy", "DeleteRole", "PassRole"]) {
        expect(verdict(`iam:${action}`, iam(`role/${name}`), { ...BOUNDARY })).toBe("denied");
      }
      expect(verdict("iam:GetRole", iam(`role/${name}`))).toBe("allowed");
    },
  );

  test.each(["taskflow-boundary", "taskflow-ci-deploy-guardrails"])("by rewriting the policy %s", (name) => {
    for (const action of ["CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicy"]) {
      expect(verdict(`iam:${action}`, iam(`policy/${name}`))).toBe("denied");
    }
  });

  test.each([
    "iam:CreateUser",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:AddUserToGroup",
    "iam:CreateOpenIDConnectProvider",
    "iam:AddClientIDToOpenIDConnectProvider",
    "iam:CreateSAMLProvider",
    "sts:AssumeRole",
    "organizations:LeaveOrganization",
  ])("by %s", (action) => {
    expect(verdict(action, "*")).toBe("denied");
  });

  test("by passing a role to a service that is no part of the platform", () => {
    expect(verdict("iam:PassRole", iam("role/taskflow-new"), { "iam:PassedToService": "glue.amazonaws.com" })).toBe(
      "not allowed",
    );
  });
});

describe("the deploy role cannot undo what no apply brings back", () => {
  test.each([
    "s3:DeleteBucket",
    "s3:PutBucketVersioning",
    "s3:PutBucketPolicy",
    "s3:PutLifecycleConfiguration",
    "s3:PutBucketPublicAccessBlock",
  ])("by %s at the state bucket or its log", (action) => {
    expect(verdict(action, STATES)).toBe("denied");
    expect(verdict(action, `${STATES}-logs`)).toBe("denied");
  });

  test("by deleting a state or a version of it", () => {
    expect(verdict("s3:DeleteObject", `${STATES}/production/vpc.tfstate`)).toBe("denied");
    expect(verdict("s3:DeleteObjectVersion", `${STATES}/production/vpc.tfstate`)).toBe("denied");
  });

  test("by writing another environment's state", () => {
    expect(verdict("s3:PutObject", `${STATES}/staging/vpc.tfstate`)).toBe("not allowed");
  });

  test.each([
    ["rds:DeleteDBInstance", `arn:aws:rds:ap-northeast-1:${ACCOUNT_ID}:db:taskflow`],
    ["eks:DeleteCluster", `arn:aws:eks:ap-northeast-1:${ACCOUNT_ID}:cluster/taskflow-eks`],
    ["ecr:DeleteRepository", `arn:aws:ecr:ap-northeast-1:${ACCOUNT_ID}:repository/taskflow/task-service`],
    ["backup:DeleteBackupVault", `arn:aws:backup:ap-northeast-1:${ACCOUNT_ID}:backup-vault:taskflow-backups`],
    [
      "backup:DeleteBackupVaultLockConfiguration",
      `arn:aws:backup:ap-northeast-1:${ACCOUNT_ID}:backup-vault:taskflow-backups`,
    ],
    ["backup:DeleteRecoveryPoint", `arn:aws:rds:ap-northeast-1:${ACCOUNT_ID}:snapshot:awsbackup:job-1`],
    ["kms:ScheduleKeyDeletion", `arn:aws:kms:ap-northeast-1:${ACCOUNT_ID}:key/1`],
    ["route53:DeleteHostedZone", "arn:aws:route53:::hostedzone/Z1"],
  ])("by %s", (action, resource) => {
    expect(verdict(action, resource)).toBe("denied");
  });

  test.each([
    ["secretsmanager:PutSecretValue", "secretsmanager", "secret:taskflow-onboarding-github-app-AbCdEf"],
    ["secretsmanager:DeleteSecret", "secretsmanager", "secret:taskflow-onboarding-github-app-AbCdEf"],
    ["dynamodb:DeleteTable", "dynamodb", "table/taskflow-tenant-onboarding"],
    ["dynamodb:UpdateItem", "dynamodb", "table/taskflow-tenant-onboarding"],
    ["events:PutEvents", "events", "event-bus/taskflow-onboarding"],
  ])("nor by %s at what onboarding keeps", (action, service, resource) => {
    expect(verdict(action, `arn:aws:${service}:ap-northeast-1:${ACCOUNT_ID}:${resource}`)).toBe("not allowed");
  });

  test.each(["secretsmanager:GetSecretValue", "ssm:GetParameter", "rds-db:connect", "logs:GetLogEvents"])(
    "nor read secrets or data by %s",
    (action) => {
      expect(verdict(action, `arn:aws:any:ap-northeast-1:${ACCOUNT_ID}:taskflow`)).toBe("denied");
    },
  );
});

describe("the deploy role's trust", () => {
  const role = roleOf(json, "taskflow-deploy");
  const [statement, ...others] = (
    JSON.parse(role["assume_role_policy"] as string) as { Statement: Parameters<typeof conditionsHold>[0][] }
  ).Statement;

  function trusts(sub: string, ref: string, repository = "taskflow/platform", aud = "sts.amazonaws.com"): boolean {
    const issuer = "token.actions.githubusercontent.com";
    return conditionsHold(statement ?? {}, {
      [`${issuer}:sub`]: sub,
      [`${issuer}:ref`]: ref,
      [`${issuer}:repository`]: repository,
      [`${issuer}:aud`]: aud,
    });
  }

  const MAIN = "refs/heads/main";

  test.each([
    "repo:taskflow/platform:ref:refs/heads/main",
    "repo:taskflow@12/platform@34:ref:refs/heads/main",
    "repo:taskflow/platform:environment:production",
    "repo:taskflow@12/platform@34:environment:production",
  ])("goes to %s on the deploy branch", (sub) => {
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Action: "sts:AssumeRoleWithWebIdentity", Effect: "Allow" });
    expect(trusts(sub, MAIN)).toBe(true);
  });

  test.each([
    ["repo:taskflow/platform:pull_request", "refs/pull/1/merge"],
    ["repo:taskflow/platform:ref:refs/heads/topic", "refs/heads/topic"],
    ["repo:taskflow/platform:environment:production", "refs/heads/topic"],
    ["repo:taskflow/platform:environment:staging", MAIN],
    ["repo:taskflow/platform:ref:refs/heads/main-2", MAIN],
    ["repo:taskflow@12/platform-evil@34:ref:refs/heads/main", MAIN],
  ])("does not go to %s on %s", (sub, ref) => {
    expect(trusts(sub, ref)).toBe(false);
  });

  test("does not go to another repository, nor to a token for another audience", () => {
    expect(trusts("repo:taskflow@12/platform@34:ref:refs/heads/main", MAIN, "taskflow@12/platform@34")).toBe(false);
    expect(trusts("repo:taskflow/platform:ref:refs/heads/main", MAIN, "taskflow/platform", "https://evil")).toBe(false);
  });
});

describe("the deploy role's policies", () => {
  test("are at most ten, each within IAM's 6,144 characters", () => {
    expect(Object.keys(policies).length).toBeLessThanOrEqual(10);
    for (const document of Object.values(policies)) {
      expect(document.length).toBeLessThanOrEqual(6_144);
    }
  });

  test("never join every action of a service with every resource", () => {
    const wide = Object.values(policies)
      .flatMap((document) => (JSON.parse(document) as { Statement: Record<string, unknown>[] }).Statement)
      .filter(({ Effect, Resource, Action }) => {
        return (
          Effect === "Allow" && Resource === "*" && [Action].flat().some((action) => /^[^:]*:?\*$/.test(String(action)))
        );
      });

    expect(wide).toEqual([]);
  });
});

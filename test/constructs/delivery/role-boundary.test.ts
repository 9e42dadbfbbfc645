import { IamRole } from "@cdktf/provider-aws/lib/iam-role";

import { resourcesOf, synthConstruct } from "../../support/synth";
import { testBootstrap } from "./bootstrap";
import { ACCOUNT_ID, judge, policiesOf, rendered } from "./iam";
import { constructSources, mentioned } from "./sources";

const [document = ""] = Object.values(policiesOf(testBootstrap(), "taskflow-boundary"));

function verdict(action: string, resource = "*", context = {}) {
  return judge([document], { action, resource, context });
}

describe("RoleBoundary", () => {
  test("gives every role of every stack the boundary, except CI's own", () => {
    const json = synthConstruct((scope) => {
      for (const name of ["taskflow-tenant-acme-corp", "taskflow-deploy", "taskflow-plan", "taskflow-report"]) {
        new IamRole(scope, name, { name, assumeRolePolicy: "{}" });
      }
    });

    const boundaries = Object.values(resourcesOf(json, "aws_iam_role")).map((role) => [
      role["name"],
      role["permissions_boundary"] && rendered(role["permissions_boundary"] as string),
    ]);

    expect(boundaries).toEqual([
      ["taskflow-deploy", undefined],
      ["taskflow-plan", undefined],
      ["taskflow-report", undefined],
      ["taskflow-tenant-acme-corp", `arn:aws:iam::${ACCOUNT_ID}:policy/taskflow-boundary`],
    ]);
  });
});

describe("a stack without roles", () => {
  test("looks nothing up for the boundary", () => {
    expect(synthConstruct(() => undefined).data).toBeUndefined();
  });
});

describe("the boundary admits", () => {
  test("each action that a construct's policy names", () => {
    const actions = mentioned(
      /"([a-z0-9-]+:[A-Za-z]+)\*?"/g,
      constructSources("delivery", "storage", "network", "edge"),
    )
      // Condition keys, trust policies, functions' own policies and the key policies' administration are no permissions of a
      // role.
      .filter(
        (action) =>
          !/^(aws|sts|kms:(GrantIsForAWSResource|ResourceAliases|ViaService)|lambda:(SourceFunctionArn|InvokeFunction)|s3:TlsVersion)/.test(
            action,
          ),
      )
      // Of secrets it admits RDS's and the platform's, see below.
      .filter((action) => !action.startsWith("secretsmanager:"))
      // Of snapshots' deletion AWS Backup's, see below.
      .filter((action) => action !== "rds:DeleteDBSnapshot")
      // Copies are a second region's, see second-region.test.ts.
      .filter((action) => action !== "backup:CopyFromBackupVault")
      .filter((action) => /^[a-z0-9-]+:[A-Z]|^rds-db:connect$/.test(action));

    expect(actions).toContain("rds-db:connect");
    expect(actions.filter((action) => verdict(action) !== "allowed")).toEqual([]);
  });

  test.each([
    // AmazonEKS_CNI_Policy
    "ec2:AssignPrivateIpAddresses",
    "ec2:AttachNetworkInterface",
    "ec2:CreateTags",
    "ec2:ModifyNetworkInterfaceAttribute",
    // AmazonEBSCSIDriverPolicyV2
    "ec2:AttachVolume",
    "ec2:CreateSnapshot",
    "ec2:EnableFastSnapshotRestores",
    "kms:CreateGrant",
    // AmazonEKSWorkerNodeMinimalPolicy, AmazonEC2ContainerRegistryPullOnly
    "eks-auth:AssumeRoleForPodIdentity",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
    // AmazonEKSClusterPolicy
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:ModifyVolume",
    "elasticloadbalancing:RegisterTargets",
  ])("%s, which AWS's own policies for nodes and controllers grant", (action) => {
    expect(verdict(action)).toBe("allowed");
  });

  test("a function's network interface, the master user's secret and the platform's own buckets", () => {
    expect(verdict("ec2:CreateNetworkInterface")).toBe("allowed");
    expect(
      verdict(
        "secretsmanager:GetSecretValue",
        `arn:aws:secretsmanager:ap-northeast-1:${ACCOUNT_ID}:secret:rds!db-1-AbCdEf`,
      ),
    ).toBe("allowed");
    expect(verdict("s3:PutObject", "arn:aws:s3:::taskflow-production-backups/acme-corp/1")).toBe("allowed");
  });

  test("the end of AWS Backup's snapshots, and of no other", () => {
    const snapshot = (name: string) => `arn:aws:rds:ap-northeast-1:${ACCOUNT_ID}:snapshot:${name}`;
    expect(verdict("rds:DeleteDBSnapshot", snapshot("awsbackup:job-1"))).toBe("allowed");
    expect(verdict("rds:DeleteDBSnapshot", snapshot("taskflow-final"))).toBe("not allowed");
  });
});

describe("the boundary stops", () => {
  test.each([
    "iam:CreateRole",
    "iam:PutRolePolicy",
    "iam:PassRole",
    "iam:CreateAccessKey",
    "sts:AssumeRole",
    "ec2:RunInstances",
    "lambda:InvokeFunction",
    "rds:DeleteDBInstance",
    "secretsmanager:GetSecretValue",
    "organizations:LeaveOrganization",
  ])("%s", (action) => {
    expect(verdict(action)).toBe("not allowed");
  });

  test("states, read or written", () => {
    const state = "arn:aws:s3:::taskflow-production-terraform-state/production/vpc.tfstate";

    expect(verdict("s3:GetObject", state)).toBe("denied");
    expect(verdict("s3:PutObject", state)).toBe("denied");
  });

  test("nothing by being too long for IAM", () => {
    expect(document.length).toBeLessThanOrEqual(6_144);
  });
});

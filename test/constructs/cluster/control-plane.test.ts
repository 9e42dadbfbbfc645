import { onlyResource, synthConstruct } from "../../support/synth";
import { controlPlane, LOGS_KEY_ARN, resolved, resourceWith, statements } from "../../support/cluster";

describe("ControlPlane", () => {
  const json = synthConstruct((scope) => controlPlane(scope));
  const cluster = onlyResource(json, "aws_eks_cluster");

  test("gives access by access entries alone, and none to whoever created the cluster", () => {
    expect(cluster["access_config"]).toEqual({
      authentication_mode: "API",
      bootstrap_cluster_creator_admin_permissions: false,
    });
  });

  test("answers within the VPC, and outside it only to the named networks", () => {
    expect(cluster["vpc_config"]).toEqual({
      subnet_ids: ["subnet-a", "subnet-c", "subnet-d"],
      endpoint_private_access: true,
      endpoint_public_access: true,
      public_access_cidrs: ["203.0.113.0/24"],
    });
  });

  test("has no public endpoint where no network is named", () => {
    const closed = onlyResource(
      synthConstruct((scope) => controlPlane(scope, [])),
      "aws_eks_cluster",
    );
    expect(closed["vpc_config"]).toEqual({
      subnet_ids: ["subnet-a", "subnet-c", "subnet-d"],
      endpoint_private_access: true,
      endpoint_public_access: false,
    });
  });

  test.each(["0.0.0.0/0", "::/0"])("refuses %s among the networks that reach the API", (cidr) => {
    expect(() => synthConstruct((scope) => controlPlane(scope, ["203.0.113.0/24", cidr]))).toThrow(
      new Error(`test/control-plane: publicAccessCidrs holds ${cidr}: name the networks that may reach the API`),
    );
  });

  test("encrypts Kubernetes secrets with a key of its own that rotates and cannot be destroyed", () => {
    expect(cluster["encryption_config"]).toEqual({
      resources: ["secrets"],
      provider: { key_arn: expect.stringMatching(/aws_kms_key\.control-plane_secrets-key/) },
    });
    const key = onlyResource(json, "aws_kms_key");
    expect(key["enable_key_rotation"]).toBe(true);
    expect(key["lifecycle"]).toEqual({ prevent_destroy: true });
    expect(statements(json, "secrets-document")[0]).toMatchObject({
      actions: ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:ListGrants"],
      resources: [expect.stringMatching(/aws_kms_key\.control-plane_secrets-key.*\.arn/)],
    });
  });

  test("writes all five log types into a group that exists first, encrypted and with retention", () => {
    expect(cluster["enabled_cluster_log_types"]).toEqual([
      "api",
      "audit",
      "authenticator",
      "controllerManager",
      "scheduler",
    ]);
    const group = resourceWith(json, "aws_cloudwatch_log_group", { name: "/aws/eks/taskflow-eks/cluster" });
    expect(group["retention_in_days"]).toBe(90);
    expect(group["kms_key_id"]).toBe(LOGS_KEY_ARN);
    expect(cluster["depends_on"]).toContainEqual(
      expect.stringMatching(/^aws_cloudwatch_log_group\.control-plane_logs/),
    );
  });

  test("cannot be destroyed by an edit nor deleted in the console", () => {
    expect(cluster["lifecycle"]).toEqual({ prevent_destroy: true });
    expect(cluster["deletion_protection"]).toBe(true);
  });

  test("stays in standard support and starts without unmanaged add-ons", () => {
    expect(cluster["upgrade_policy"]).toEqual({ support_type: "STANDARD" });
    expect(cluster["bootstrap_self_managed_addons"]).toBe(false);
  });

  test("its role is assumed by EKS for this cluster alone", () => {
    const trust = JSON.parse(resolved(JSON.stringify(statements(json, "role_trust")))) as unknown;
    expect(trust).toEqual([
      {
        principals: [{ type: "Service", identifiers: ["eks.amazonaws.com"] }],
        actions: ["sts:AssumeRole"],
        condition: [
          { test: "StringEquals", variable: "aws:SourceAccount", values: ["111122223333"] },
          {
            test: "ArnEquals",
            variable: "aws:SourceArn",
            values: ["arn:aws:eks:ap-northeast-1:111122223333:cluster/taskflow-eks"],
          },
        ],
      },
    ]);
  });
});

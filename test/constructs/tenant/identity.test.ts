import { onlyResource, resourcesOf } from "../../support/synth";
import { synthTenant } from "../../support/tenants";

const json = synthTenant({ id: "acme-corp" });

describe("Brief: rds-db:connect on the proxy, for the tenant's own user", () => {
  test("is all that the tenant's role may do", () => {
    const policies = Object.values(resourcesOf(json, "aws_iam_role_policy"));
    expect(policies.map((policy) => JSON.parse(policy["policy"]))).toEqual([
      {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "rds-db:connect",
            Resource: "arn:aws:rds-db:ap-northeast-1:111122223333:dbuser:prx-1/tenant_acme_corp",
          },
        ],
      },
    ]);
    expect(resourcesOf(json, "aws_iam_role_policy_attachment")).toEqual({});
  });
});

describe("TenantIdentity", () => {
  test("only pods of the tenant's namespace in this cluster become the role", () => {
    expect(JSON.parse(onlyResource(json, "aws_iam_role")["assume_role_policy"]).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:RequestTag/eks-cluster-name": "taskflow-eks",
            "aws:RequestTag/kubernetes-namespace": "tenant-acme-corp",
          },
        },
      },
    ]);
  });

  test("the role is named after the tenant and tagged for cost allocation", () => {
    expect(onlyResource(json, "aws_iam_role")).toMatchObject({
      name: "taskflow-tenant-acme-corp",
      tags: { tenant: "acme-corp", tier: "standard" },
    });
  });

  test("each service account is associated with it", () => {
    const associations = Object.values(resourcesOf(json, "aws_eks_pod_identity_association"));
    expect(associations.map((association) => association["service_account"]).sort()).toEqual([
      "project-service",
      "task-service",
      "user-service",
    ]);
    expect(new Set(associations.map((association) => association["namespace"]))).toEqual(new Set(["tenant-acme-corp"]));
  });
});

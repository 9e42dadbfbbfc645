import { PodIdentityRole } from "../../../constructs/cluster";
import { onlyResource, resourcesOf, synthConstruct } from "../../support/synth";
import { statements } from "../../support/cluster";

describe("PodIdentityRole", () => {
  const json = synthConstruct((scope) => {
    new PodIdentityRole(scope, "agent", {
      clusterName: "taskflow-eks",
      clusterArn: "arn:aws:eks:ap-northeast-1:111122223333:cluster/taskflow-eks",
      namespace: "kube-system",
      serviceAccount: "agent",
      roleName: "taskflow-agent",
      description: "Agent",
      statements: [{ sid: "Read", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::bucket/*"] }],
    });
  });

  test("is handed to one service account", () => {
    expect(onlyResource(json, "aws_eks_pod_identity_association")).toMatchObject({
      cluster_name: "taskflow-eks",
      namespace: "kube-system",
      service_account: "agent",
      role_arn: expect.stringMatching(/aws_iam_role\.agent_role_.*\.arn/),
    });
  });

  test("refuses Pod Identity for another cluster, namespace or service account", () => {
    expect(statements(json, "role_trust")).toEqual([
      {
        principals: [{ type: "Service", identifiers: ["pods.eks.amazonaws.com"] }],
        actions: ["sts:AssumeRole", "sts:TagSession"],
        condition: [
          {
            test: "StringEquals",
            variable: "aws:RequestTag/eks-cluster-arn",
            values: ["arn:aws:eks:ap-northeast-1:111122223333:cluster/taskflow-eks"],
          },
          { test: "StringEquals", variable: "aws:RequestTag/kubernetes-namespace", values: ["kube-system"] },
          { test: "StringEquals", variable: "aws:RequestTag/kubernetes-service-account", values: ["agent"] },
        ],
      },
    ]);
  });

  test("may do what its statements say and holds no managed policy by itself", () => {
    expect(statements(json, "agent_document")).toEqual([
      { sid: "Read", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::bucket/*"] },
    ]);
    expect(onlyResource(json, "aws_iam_role_policy")["policy"]).toMatch(/agent_document_.*\.json/);
    expect(resourcesOf(json, "aws_iam_role_policy_attachment")).toEqual({});
  });
});

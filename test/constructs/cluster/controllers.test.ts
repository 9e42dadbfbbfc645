import { CONTROLLER_SERVICE_ACCOUNTS, Controllers } from "../../../constructs/cluster";
import { resourcesOf, synthConstruct } from "../../support/synth";
import { controlPlane, resolved, statements } from "../../support/cluster";

describe("Controllers", () => {
  const json = synthConstruct((scope) => {
    new Controllers(scope, "controllers", {
      ...controlPlane(scope),
    });
  });
  const policy = (name: string) =>
    JSON.parse(resolved(JSON.stringify(statements(json, `controllers_${name}_document`)))) as Record<string, unknown>[];

  test("gives each controller's service account a role of its own", () => {
    const associations = Object.values(resourcesOf(json, "aws_eks_pod_identity_association")).map(
      (association) => `${String(association["namespace"])}/${String(association["service_account"])}`,
    );
    expect(associations.sort()).toEqual([
      "kube-system/aws-load-balancer-controller",
      "kube-system/aws-node",
      "kube-system/cluster-autoscaler",
      "kube-system/ebs-csi-controller-sa",
    ]);
    expect(
      Object.values(CONTROLLER_SERVICE_ACCOUNTS).map(
        ({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`,
      ),
    ).toEqual(expect.arrayContaining(associations));
    const roles = Object.values(resourcesOf(json, "aws_eks_pod_identity_association")).map((one) => one["role_arn"]);
    expect(new Set(roles).size).toBe(4);
  });

  test("attaches AWS's policies to the two add-ons' roles alone", () => {
    const attached = Object.entries(resourcesOf(json, "aws_iam_role_policy_attachment"))
      .filter(([id]) => id.startsWith("controllers_"))
      .map(([, attachment]) => resolved(attachment["policy_arn"] as string));
    expect(attached.sort()).toEqual([
      "arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2",
      "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
    ]);
  });

  test("the autoscaler resizes and empties only groups that EKS tagged as this cluster's", () => {
    const writes = policy("cluster-autoscaler").filter((statement) => statement["sid"] === "ScaleOwnGroups");
    expect(writes).toEqual([
      {
        sid: "ScaleOwnGroups",
        actions: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
        resources: ["arn:aws:autoscaling:ap-northeast-1:111122223333:autoScalingGroup:*:autoScalingGroupName/*"],
        condition: [
          {
            test: "StringEquals",
            variable: "aws:ResourceTag/k8s.io/cluster-autoscaler/taskflow-eks",
            values: ["owned"],
          },
        ],
      },
    ]);
  });

  test("the autoscaler reads labels and taints of this cluster's node groups, which an empty group needs", () => {
    expect(policy("cluster-autoscaler")).toContainEqual({
      sid: "SeeLabelsOfEmptyGroups",
      actions: ["eks:DescribeNodegroup"],
      resources: ["arn:aws:eks:ap-northeast-1:111122223333:nodegroup/taskflow-eks/*"],
    });
  });

  test("the load balancer controller changes nothing but targets of the platform's target groups", () => {
    const writes = policy("load-balancer-controller").filter(
      (statement) => !(statement["actions"] as string[]).every((action) => action.includes(":Describe")),
    );
    expect(writes).toEqual([
      {
        sid: "RegisterTargets",
        actions: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
        resources: ["arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/taskflow-*/*"],
      },
    ]);
  });

  test.each(["cluster-autoscaler", "load-balancer-controller"])("%s writes to no resource `*`", (name) => {
    for (const statement of policy(name)) {
      if ((statement["resources"] as string[]).includes("*")) {
        expect((statement["actions"] as string[]).filter((action) => !/:(Describe|Get)/.test(action))).toEqual([]);
      }
    }
  });
});

import { EKS_ADDONS, ENVIRONMENTS } from "../../config";
import { EksStack } from "../../stacks/eks-stack";
import { ALERT_TOPICS, expressions, NETWORK, resourceWith } from "../support/cluster";
import { inTwoRegions } from "../support/regions";
import { onlyResource, resourcesOf, synthStack, testApp } from "../support/synth";

describe("EksStack", () => {
  const stack = new EksStack(testApp(), "eks", {
    environment: ENVIRONMENTS.production,
    network: NETWORK,
    alertTopics: ALERT_TOPICS,
  });
  const json = synthStack(stack);

  test("is what was reviewed", () => {
    expect(json).toMatchSnapshot();
  });

  test("tells other stacks how to reach the cluster", () => {
    expect(expressions(stack, stack.cluster)).toEqual({
      name: expect.stringMatching(/aws_eks_cluster\.cluster_control-plane_.*\.name/),
      endpoint: expect.stringMatching(/aws_eks_cluster\..*\.endpoint/),
      certificateAuthority: expect.stringMatching(/aws_eks_cluster\..*\.certificate_authority\[0\]\.data/),
      securityGroupId: expect.stringMatching(/aws_eks_cluster\..*\.vpc_config\[0\]\.cluster_security_group_id/),
    });
  });

  test("holds the mesh's certificate authority with a second region, before the mesh asks for it, and not without", () => {
    const environment = inTwoRegions("standby");
    const both = new EksStack(testApp(), "eks", { environment, network: NETWORK, alertTopics: ALERT_TOPICS });
    expect(onlyResource(synthStack(both), "aws_secretsmanager_secret")["name"]).toBe("taskflow-mesh-ca");
    expect(resourcesOf(json, "aws_secretsmanager_secret")).toEqual({});
  });

  describe("Brief: EKS", () => {
    test("the cluster is taskflow-eks", () => {
      expect(onlyResource(json, "aws_eks_cluster")).toMatchObject({ name: "taskflow-eks", version: "1.36" });
    });

    test.each([
      ["system", 2, "m6i.large", "ON_DEMAND"],
      ["enterprise", 5, "m6i.xlarge", "ON_DEMAND"],
      ["standard-on-demand", 5, "m6i.large", "ON_DEMAND"],
      ["standard-spot", 5, "m6i.large", "SPOT"],
    ])("node group %s starts with %i × %s, %s", (name, desired, type, capacity) => {
      const group = resourceWith(json, "aws_eks_node_group", { node_group_name: name });
      expect(group["scaling_config"]).toMatchObject({ desired_size: desired });
      expect((group["instance_types"] as string[])[0]).toBe(type);
      expect(group["capacity_type"]).toBe(capacity);
    });

    test("network policies are enforced", () => {
      const cni = resourceWith(json, "aws_eks_addon", { addon_name: "vpc-cni" });
      expect(JSON.parse(cni["configuration_values"] as string)).toMatchObject({
        enableNetworkPolicy: "true",
        env: { NETWORK_POLICY_ENFORCING_MODE: "standard" },
      });
    });

    test("pods get their AWS identity from EKS Pod Identity", () => {
      expect(
        Object.values(resourcesOf(json, "aws_eks_pod_identity_association"))
          .map((one) => String(one["service_account"]))
          .sort(),
      ).toEqual([
        "aws-load-balancer-controller",
        "aws-node",
        "cloudwatch-agent",
        "cluster-autoscaler",
        "ebs-csi-controller-sa",
      ]);
      expect(resourcesOf(json, "aws_iam_openid_connect_provider")).toEqual({});
    });
  });

  test("installs every add-on of the configuration", () => {
    const installed = Object.values(resourcesOf(json, "aws_eks_addon")).map((one) => String(one["addon_name"]));
    expect(installed.sort()).toEqual([...EKS_ADDONS].sort());
  });

  test("nodes boot after the network, its permissions and the identity agent; what needs nodes comes after them", () => {
    const waitsFor = (type: string, attributes: Record<string, unknown>) =>
      (resourceWith(json, type, attributes)["depends_on"] as string[]).join(" ");
    const node = waitsFor("aws_eks_node_group", { node_group_name: "system" });
    for (const addOn of ["vpc-cni", "kube-proxy", "pod-identity-agent"]) {
      expect(node).toContain(`aws_eks_addon.cluster_${addOn}_`);
    }
    expect(waitsFor("aws_eks_addon", { addon_name: "vpc-cni" })).toContain("aws_eks_pod_identity_association.");
    for (const addOn of ["coredns", "aws-ebs-csi-driver", "amazon-cloudwatch-observability"]) {
      expect(waitsFor("aws_eks_addon", { addon_name: addOn })).toContain("aws_eks_node_group.cluster_nodes_system_");
    }
  });

  test("encrypts every volume of the account, whoever makes it", () => {
    expect(onlyResource(json, "aws_ebs_encryption_by_default")).toEqual({ enabled: true });
  });
});

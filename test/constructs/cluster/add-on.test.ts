import { AddOn } from "../../../constructs/cluster/add-on";
import { COREDNS_SETTINGS, EBS_CSI_SETTINGS, VPC_CNI_SETTINGS } from "../../../constructs/cluster/add-on-settings";
import { onlyResource, synthConstruct } from "../../support/synth";

describe("AddOn", () => {
  const synthAddOn = (configuration?: object) =>
    synthConstruct((scope) => {
      new AddOn(scope, "dns", {
        clusterName: "taskflow-eks",
        name: "coredns",
        ...(configuration ? { configuration } : {}),
      });
    });

  test("takes the newest version for the cluster's Kubernetes version", () => {
    const json = synthAddOn();
    expect(Object.values(json.data?.["aws_eks_addon_version"] ?? {})).toEqual([
      { addon_name: "coredns", kubernetes_version: "1.36", most_recent: true },
    ]);
    expect(onlyResource(json, "aws_eks_addon")["addon_version"]).toMatch(/data\.aws_eks_addon_version\.dns_version_/);
  });

  test("takes back what was changed by hand", () => {
    expect(onlyResource(synthAddOn(), "aws_eks_addon")).toMatchObject({
      resolve_conflicts_on_create: "OVERWRITE",
      resolve_conflicts_on_update: "OVERWRITE",
    });
  });

  test("keeps another language's `${…}` from Terraform", () => {
    const values = onlyResource(synthAddOn({ region: "${AWS_REGION}" }), "aws_eks_addon")["configuration_values"];
    expect(values).toBe('{"region":"$${AWS_REGION}"}');
  });
});

describe("settings of the add-ons", () => {
  test("the VPC CNI enforces network policies, in the mode that is chosen, and logs decisions on the node", () => {
    expect(VPC_CNI_SETTINGS.enableNetworkPolicy).toBe("true");
    expect(VPC_CNI_SETTINGS.env.NETWORK_POLICY_ENFORCING_MODE).toBe("standard");
    expect(VPC_CNI_SETTINGS.nodeAgent).toEqual({ enablePolicyEventLogs: "true", enableCloudWatchLogs: "false" });
  });

  test("the VPC CNI gives nodes prefixes, one spare", () => {
    expect(VPC_CNI_SETTINGS.env).toMatchObject({ ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" });
  });

  test("CoreDNS and the EBS CSI controller run on system nodes", () => {
    const system = { "taskflow.io/node-pool": "system" };
    expect(COREDNS_SETTINGS.nodeSelector).toEqual(system);
    expect(EBS_CSI_SETTINGS.controller.nodeSelector).toEqual(system);
  });
});

import { ENVIRONMENTS, nodeGroupPlans } from "../../../config";
import { NodePools, type NodePoolsProps } from "../../../constructs/cluster/node-pools";
import { type ResourceJson, resourcesOf, synthConstruct } from "../../support/synth";
import { controlPlane, NETWORK, resolved, resourceWith, statements } from "../../support/cluster";

describe("NodePools", () => {
  const synth = (props: Partial<NodePoolsProps> = {}) =>
    synthConstruct((scope) => {
      new NodePools(scope, "nodes", {
        ...controlPlane(scope),
        nodeGroups: nodeGroupPlans(ENVIRONMENTS.production),
        subnetIds: NETWORK.privateSubnetIds,
        tags: { project: "taskflow" },
        dependsOn: [],
        ...props,
      });
    });
  const json = synth();
  const group = (name: string) => resourceWith(json, "aws_eks_node_group", { node_group_name: name });
  const templates: readonly [string, ResourceJson][] = Object.values(resourcesOf(json, "aws_launch_template")).map(
    (template) => [String(template["name"]), template],
  );

  test("keeps all but critical add-ons off the system nodes, and all but enterprise tenants off theirs", () => {
    expect(group("system")).toMatchObject({
      labels: { "taskflow.io/node-pool": "system" },
      taint: [{ key: "CriticalAddonsOnly", value: "true", effect: "NO_SCHEDULE" }],
    });
    expect(group("enterprise")).toMatchObject({
      labels: { "taskflow.io/node-pool": "enterprise" },
      taint: [{ key: "taskflow.io/node-pool", value: "enterprise", effect: "NO_SCHEDULE" }],
    });
  });

  test("serves standard tenants from an on-demand and a spot group with one label and no taint", () => {
    for (const [name, capacity] of [
      ["standard-on-demand", "ON_DEMAND"],
      ["standard-spot", "SPOT"],
    ] as const) {
      expect(group(name)).toMatchObject({
        capacity_type: capacity,
        labels: { "taskflow.io/node-pool": "standard" },
      });
      expect(group(name)).not.toHaveProperty("taint");
    }
    expect((group("standard-spot")["instance_types"] as string[]).length).toBeGreaterThan(1);
  });

  test("has no spot group where none of the pool is to be spot", () => {
    const { savings } = ENVIRONMENTS.production;
    const without = nodeGroupPlans({ ...ENVIRONMENTS.production, savings: { ...savings, spotShare: 0 } });
    const groups = Object.values(resourcesOf(synth({ nodeGroups: without }), "aws_eks_node_group"));
    expect(groups.map((one) => one["node_group_name"]).sort()).toEqual(["enterprise", "standard-on-demand", "system"]);
  });

  test("leaves the number of nodes to the autoscaler after the first apply", () => {
    for (const one of Object.values(resourcesOf(json, "aws_eks_node_group"))) {
      expect(one["lifecycle"]).toEqual({ ignore_changes: ["scaling_config[0].desired_size"] });
      expect(one["version"]).toBe("1.36");
      expect(one["subnet_ids"]).toEqual(NETWORK.privateSubnetIds);
    }
  });

  test("holds fewer standard nodes outside of working hours, and only when asked to", () => {
    expect(resourcesOf(json, "aws_autoscaling_schedule")).toEqual({});
    const workingHours = { timeZone: "Asia/Tokyo", from: "08:30", until: "20:00", minOutside: 1 };
    const schedules = resourcesOf(synth({ workingHours }), "aws_autoscaling_schedule");
    const common = {
      autoscaling_group_name: expect.stringMatching(
        /^\$\{aws_eks_node_group\.nodes_standard-on-demand_\w+\.resources\[0\]\.autoscaling_groups\[0\]\.name\}$/,
      ),
      time_zone: "Asia/Tokyo",
      // 0 would end every node.
      max_size: -1,
      desired_capacity: -1,
    };
    expect(Object.values(schedules).sort((a, b) => Number(b["min_size"]) - Number(a["min_size"]))).toEqual([
      { ...common, scheduled_action_name: "working-hours-begin", recurrence: "30 8 * * 1-5", min_size: 3 },
      { ...common, scheduled_action_name: "working-hours-end", recurrence: "0 20 * * 1-5", min_size: 1 },
    ]);
  });

  test.each(templates)("%s keeps the instance's credentials from pods", (_name, template) => {
    expect(template["metadata_options"]).toEqual({
      http_endpoint: "enabled",
      http_tokens: "required",
      http_put_response_hop_limit: 1,
      instance_metadata_tags: "disabled",
    });
  });

  test.each(templates)(
    "%s has an encrypted gp3 root volume, no key pair and no address of its own",
    (_name, template) => {
      expect(template["block_device_mappings"]).toEqual([
        {
          device_name: "/dev/xvda",
          ebs: { volume_type: "gp3", volume_size: 80, encrypted: "true", delete_on_termination: "true" },
        },
      ]);
      expect(template).toMatchObject({ ebs_optimized: "true", monitoring: { enabled: true } });
      for (const absent of ["key_name", "network_interfaces", "vpc_security_group_ids", "image_id"]) {
        expect(template).not.toHaveProperty(absent);
      }
    },
  );

  test.each(templates)("%s tags what an instance consists of", (name, template) => {
    expect(template["tag_specifications"]).toEqual(
      ["instance", "volume", "network-interface"].map((type) => ({
        resource_type: type,
        tags: { project: "taskflow", Name: name },
      })),
    );
  });

  test("rolls nodes when a template changes", () => {
    expect(group("system")["launch_template"]).toEqual({
      id: expect.stringMatching(/aws_launch_template\.nodes_system_template_.*\.id/),
      version: expect.stringMatching(
        /^\$\{tostring\(aws_launch_template\.nodes_system_template_.*\.latest_version\)\}$/,
      ),
    });
  });

  test("lets a node pull images and fetch pods' credentials, and touch no network interface", () => {
    const policies = Object.entries(resourcesOf(json, "aws_iam_role_policy_attachment"))
      .filter(([id]) => id.startsWith("nodes_"))
      .map(([, attachment]) =>
        resolved(attachment["policy_arn"] as string)
          .split("/")
          .at(-1),
      );
    expect(policies.sort()).toEqual(["AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodeMinimalPolicy"]);
    expect(statements(json, "bootstrap-document").flatMap((statement) => statement["actions"] as string[])).toEqual([
      "ec2:DescribeInstances",
    ]);
  });
});

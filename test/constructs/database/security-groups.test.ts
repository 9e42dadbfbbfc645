import type { TerraformElement } from "cdktf";

import { DatabaseSecurityGroups } from "../../../constructs/database/security-groups";
import { type ResourceJson, resourcesOf, synthConstruct } from "../../support/synth";

describe("DatabaseSecurityGroups", () => {
  let functionWays: readonly string[] = [];
  const json = synthConstruct((scope) => {
    const groups = new DatabaseSecurityGroups(scope, "groups", {
      name: "taskflow",
      vpcId: "vpc-1",
      privateCidrs: ["10.0.128.0/20", "10.0.144.0/20"],
    });
    functionWays = groups.functionWays.map((rule) => (rule as unknown as TerraformElement).node.id);
  });

  /** `proxy`, `instance` or `function`, out of a reference to the group. */
  const group = (reference: unknown) => /aws_security_group\.groups_([a-z]+)_/.exec(String(reference))?.[1];
  const edges = (type: string) =>
    Object.values(resourcesOf(json, type))
      .map((rule: ResourceJson) => {
        const peer = group(rule["referenced_security_group_id"]) ?? String(rule["cidr_ipv4"]);
        return `${String(group(rule["security_group_id"]))} ${peer} ${String(rule["ip_protocol"])} ${String(rule["from_port"])}-${String(rule["to_port"])}`;
      })
      .sort();

  test("pods' subnets reach the proxy, and only the proxy and the function reach the instance, on 5432 alone", () => {
    expect(edges("aws_vpc_security_group_ingress_rule")).toEqual([
      "instance function tcp 5432-5432",
      "instance proxy tcp 5432-5432",
      "proxy 10.0.128.0/20 tcp 5432-5432",
      "proxy 10.0.144.0/20 tcp 5432-5432",
    ]);
  });

  test("the proxy speaks to the instance alone, the function to it and to VPC endpoints, the instance to nobody", () => {
    expect(edges("aws_vpc_security_group_egress_rule")).toEqual([
      "function 10.0.128.0/20 tcp 443-443",
      "function 10.0.144.0/20 tcp 443-443",
      "function instance tcp 5432-5432",
      "proxy instance tcp 5432-5432",
    ]);
  });

  test("whoever needs the function to work can wait for each rule on its ways, out and in", () => {
    expect(functionWays).toEqual([
      "function-to-10-0-128-0-20",
      "function-to-10-0-144-0-20",
      "function-to-instance",
      "instance-from-function",
    ]);
  });

  test("no group carries rules of its own beside these, and all stand in the VPC", () => {
    const groups = Object.values(resourcesOf(json, "aws_security_group"));
    expect(groups.map((one) => one["name"]).sort()).toEqual([
      "taskflow-database",
      "taskflow-database-proxy",
      "taskflow-tenant-database",
    ]);
    for (const one of groups) {
      expect(one).not.toHaveProperty("ingress");
      expect(one).not.toHaveProperty("egress");
      expect(one["vpc_id"]).toBe("vpc-1");
    }
  });
});

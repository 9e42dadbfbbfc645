import type { NetworkPlan } from "../../config";
import { RegionLinkStack } from "../../stacks/region-link-stack";
import { VpcStack } from "../../stacks/vpc-stack";
import { NETWORK } from "../support/cluster";
import { standby } from "../support/regions";
import { onlyResource, type ResourceJson, resourcesOf, synthStack, testApp } from "../support/synth";

const environment = standby();
const build = (network: NetworkPlan) =>
  new RegionLinkStack(testApp(), "dr-link", { environment: { ...environment, network }, network: NETWORK });

describe("RegionLinkStack", () => {
  const json = synthStack(build(environment.network));
  const tables = Object.values(json.data?.["aws_route_table"] ?? {});

  test("is what was reviewed", () => {
    expect(json).toMatchSnapshot();
  });

  test("asks the primary region's VPC for a peering and accepts it there", () => {
    expect(onlyResource(json, "aws_vpc_peering_connection")).toMatchObject({
      vpc_id: NETWORK.vpcId,
      peer_region: "ap-northeast-1",
      peer_vpc_id: expect.stringMatching(/^\$\{data\.aws_vpc\./),
    });
    expect(onlyResource(json, "aws_vpc_peering_connection_accepter")).toMatchObject({
      region: "ap-northeast-1",
      auto_accept: true,
    });
  });

  test.each([
    ["us-east-1", "10.0.0.0/16"],
    ["ap-northeast-1", "10.1.0.0/16"],
  ])("leads the private subnets of %s to %s, once the peering is accepted", (region, destination) => {
    const routes = Object.values(resourcesOf(json, "aws_route")).filter((route) => route["region"] === region);

    expect(routes).toHaveLength(3);
    for (const route of routes) {
      expect(route).toMatchObject({
        destination_cidr_block: destination,
        vpc_peering_connection_id: expect.stringMatching(/^\$\{aws_vpc_peering_connection_accepter\./),
        route_table_id: expect.stringMatching(new RegExp(`data\\.aws_route_table\\.peering_routes-${region}[a-d]_`)),
      });
    }
  });

  test("finds VPC and route tables by the names that the network gives them in either region", () => {
    for (const one of [environment, environment.primary]) {
      const vpc = synthStack(new VpcStack(testApp(), "vpc", { environment: one }));
      const names = Object.values(resourcesOf(vpc, "aws_route_table")).map(({ tags }) => tags as ResourceJson);
      const wanted = tables.filter(({ region }) => region === one.region).map(({ tags }) => tags as ResourceJson);

      expect(wanted).toHaveLength(3);
      expect(names).toEqual(expect.arrayContaining(wanted));
      expect(onlyResource(vpc, "aws_vpc")["tags"]).toEqual(Object.values(json.data?.["aws_vpc"] ?? {})[0]?.["tags"]);
    }
  });

  test("opens no security group", () => {
    expect(JSON.stringify(json)).not.toContain("security_group");
  });

  test("gives the primary region a host of its own, which the failover records need", () => {
    expect(onlyResource(json, "aws_route53_record")).toMatchObject({
      name: "ap-northeast-1.region.taskflow.example.com",
      alias: { name: expect.stringMatching(/^\$\{data\.aws_lb\..*\.dns_name\}$/) },
    });
    expect(Object.values(json.data?.["aws_lb"] ?? {})).toEqual([
      expect.objectContaining({ name: "taskflow-edge", region: "ap-northeast-1" }),
    ]);
  });

  test.each(["10.0.0.0/16", "10.0.64.0/18", "10.0.0.0/8"])("throws when the region's own block is %s", (cidr) => {
    expect(() => build({ ...environment.network, cidr })).toThrow(
      `dr-link/peering: ${cidr} and 10.0.0.0/16 overlap; regions that are peered need blocks of their own`,
    );
  });
});

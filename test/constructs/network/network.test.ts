import { ENVIRONMENTS } from "../../../config";
import { Network } from "../../../constructs/network";
import { onlyResource, type ResourceJson, resourcesOf, synthConstruct } from "../../support/synth";

const { network: plan } = ENVIRONMENTS.production;
const json = synthConstruct((scope) => new Network(scope, "network", { plan }));

function reference(type: string, id: string): string {
  return `\${${type}.${id}.id}`;
}

/** Id of the route table that a subnet is associated with. */
function routeTableOf(cidr: string): string {
  const subnet = Object.entries(resourcesOf(json, "aws_subnet")).find(([, { cidr_block }]) => cidr_block === cidr);
  const subnetId = reference("aws_subnet", subnet?.[0] ?? "");
  const found = Object.values(resourcesOf(json, "aws_route_table_association")).filter(
    (association) => association["subnet_id"] === subnetId,
  );
  expect(found).toHaveLength(1);
  return found[0]?.["route_table_id"] as string;
}

function routesOf(routeTableId: string): ResourceJson[] {
  return Object.values(resourcesOf(json, "aws_route")).filter((route) => route["route_table_id"] === routeTableId);
}

describe("Brief: VPC", () => {
  test("is 10.0.0.0/16 with the private DNS that endpoints need", () => {
    expect(onlyResource(json, "aws_vpc")).toMatchObject({
      cidr_block: "10.0.0.0/16",
      enable_dns_support: true,
      enable_dns_hostnames: true,
    });
  });

  test("has exactly the brief's nine subnets, three in each zone", () => {
    const subnets = Object.values(resourcesOf(json, "aws_subnet"));

    expect(subnets.map((subnet) => [subnet["cidr_block"], subnet["availability_zone"]]).sort()).toEqual([
      ["10.0.0.0/20", "ap-northeast-1a"],
      ["10.0.128.0/20", "ap-northeast-1a"],
      ["10.0.144.0/20", "ap-northeast-1c"],
      ["10.0.16.0/20", "ap-northeast-1c"],
      ["10.0.160.0/20", "ap-northeast-1d"],
      ["10.0.200.0/24", "ap-northeast-1a"],
      ["10.0.201.0/24", "ap-northeast-1c"],
      ["10.0.202.0/24", "ap-northeast-1d"],
      ["10.0.32.0/20", "ap-northeast-1d"],
    ]);
    expect(subnets.every((subnet) => subnet["map_public_ip_on_launch"] === false)).toBe(true);
  });

  test("has a NAT gateway in the public subnet of each of three zones", () => {
    const gateways = Object.values(resourcesOf(json, "aws_nat_gateway"));
    const publicIds = plan.publicSubnets.map(({ availabilityZone }) =>
      expect.stringContaining(`public-${availabilityZone}`),
    );

    expect(gateways.map((gateway) => gateway["subnet_id"])).toEqual(publicIds);
    expect(new Set(gateways.map((gateway) => gateway["allocation_id"])).size).toBe(3);
  });
});

describe("Network", () => {
  test("sends each private subnet out through its own zone's NAT gateway", () => {
    for (const { cidr, availabilityZone } of plan.privateSubnets) {
      expect(routesOf(routeTableOf(cidr))).toEqual([
        expect.objectContaining({
          destination_cidr_block: "0.0.0.0/0",
          nat_gateway_id: expect.stringContaining(`nat-${availabilityZone}`),
        }),
      ]);
    }
  });

  test("sends public subnets to the internet gateway", () => {
    for (const { cidr } of plan.publicSubnets) {
      expect(routesOf(routeTableOf(cidr))).toEqual([
        expect.objectContaining({
          destination_cidr_block: "0.0.0.0/0",
          gateway_id: expect.stringContaining("aws_internet_gateway"),
        }),
      ]);
    }
  });

  test("lets no route lead out of a database subnet", () => {
    for (const { cidr } of plan.databaseSubnets) {
      expect(routesOf(routeTableOf(cidr))).toEqual([]);
    }
  });

  test("tags subnets for Kubernetes' load balancers, and database subnets not at all", () => {
    const roles = Object.fromEntries(
      Object.values(resourcesOf(json, "aws_subnet")).map((subnet) => [
        subnet["cidr_block"],
        Object.keys(subnet["tags"] as object).filter((tag) => tag.startsWith("kubernetes.io/")),
      ]),
    );

    expect(roles).toMatchObject({
      "10.0.0.0/20": ["kubernetes.io/role/elb"],
      "10.0.128.0/20": ["kubernetes.io/role/internal-elb"],
      "10.0.200.0/24": [],
    });
  });

  test("keeps the upper half of each private subnet for the pods' prefixes", () => {
    const reservations = Object.values(resourcesOf(json, "aws_ec2_subnet_cidr_reservation"));

    expect(reservations.map((reservation) => reservation["cidr_block"])).toEqual([
      "10.0.136.0/21",
      "10.0.152.0/21",
      "10.0.168.0/21",
    ]);
    expect(reservations.every((reservation) => reservation["reservation_type"] === "prefix")).toBe(true);
  });

  test("leaves the default security group without a rule", () => {
    expect(Object.keys(onlyResource(json, "aws_default_security_group"))).toEqual(["vpc_id"]);
  });
});

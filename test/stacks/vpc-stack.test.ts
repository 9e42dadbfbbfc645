import { ENVIRONMENTS } from "../../config";
import { VpcStack } from "../../stacks/vpc-stack";
import { synthStack, testApp } from "../support/synth";

const environment = ENVIRONMENTS.production;

describe("VpcStack", () => {
  const stack = new VpcStack(testApp(), "vpc", { environment });
  const json = synthStack(stack);

  test("tells other stacks three subnets of each kind", () => {
    const { network } = stack;

    expect(
      [network.publicSubnetIds, network.privateSubnetIds, network.databaseSubnetIds].map((ids) => ids.length),
    ).toEqual([3, 3, 3]);
  });

  test("sends S3 traffic of the private subnets, and of no others, through the gateway endpoint", () => {
    const s3 = Object.values(json.resource?.["aws_vpc_endpoint"] ?? {}).find(
      (endpoint) => endpoint["vpc_endpoint_type"] === "Gateway",
    );

    expect(s3?.["route_table_ids"]).toEqual(
      environment.network.privateSubnets.map(({ availabilityZone }) =>
        expect.stringContaining(`private-${availabilityZone}`),
      ),
    );
  });

  test("lets hosts of the private subnets alone use the interface endpoints", () => {
    const rules = Object.values(json.resource?.["aws_vpc_security_group_ingress_rule"] ?? {});

    expect(rules.map((rule) => rule["cidr_ipv4"] as string)).toEqual([
      "10.0.128.0/20",
      "10.0.144.0/20",
      "10.0.160.0/20",
    ]);
  });

  test("matches its snapshot", () => {
    expect(json).toMatchSnapshot();
  });
});

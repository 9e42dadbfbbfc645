import { VpcEndpoints } from "../../../constructs/network";
import { onlyResource, type ResourceJson, resourcesOf, synthConstruct } from "../../support/synth";

const json = synthConstruct(
  (scope) =>
    new VpcEndpoints(scope, "endpoints", {
      region: "ap-northeast-1",
      network: {
        vpcId: "vpc-1",
        publicSubnetIds: ["subnet-public"],
        privateSubnetIds: ["subnet-a", "subnet-c"],
        databaseSubnetIds: ["subnet-database"],
      },
      routeTableIds: ["rtb-a", "rtb-c"],
      clientCidrs: ["10.0.128.0/20", "10.0.144.0/20"],
    }),
);

function endpointsOf(type: "Gateway" | "Interface"): ResourceJson[] {
  return Object.values(resourcesOf(json, "aws_vpc_endpoint")).filter(
    (endpoint) => endpoint["vpc_endpoint_type"] === type,
  );
}

/** Statements of the policy document that an endpoint refers to. */
function policyOf(endpoint: ResourceJson | undefined): ResourceJson[] {
  const id = /aws_iam_policy_document\.(.*)\.json/.exec(String(endpoint?.["policy"]))?.[1] ?? "";
  return json.data?.["aws_iam_policy_document"]?.[id]?.["statement"] as ResourceJson[];
}

describe("VpcEndpoints", () => {
  test("gives nodes and pods the seven services inside of the VPC, by their usual names", () => {
    const endpoints = endpointsOf("Interface");

    expect(endpoints.map((endpoint) => endpoint["service_name"]).sort()).toEqual(
      ["ec2", "ecr.api", "ecr.dkr", "eks-auth", "logs", "secretsmanager", "sts"].map(
        (service) => `com.amazonaws.ap-northeast-1.${service}`,
      ),
    );
    for (const endpoint of endpoints) {
      expect(endpoint).toMatchObject({ private_dns_enabled: true, subnet_ids: ["subnet-a", "subnet-c"] });
      expect(endpoint["security_group_ids"]).toHaveLength(1);
    }
  });

  test("lets the private subnets in on 443, and nothing out", () => {
    const rules = Object.values(resourcesOf(json, "aws_vpc_security_group_ingress_rule"));

    expect(rules.map((rule) => [rule["cidr_ipv4"], rule["ip_protocol"], rule["from_port"], rule["to_port"]])).toEqual([
      ["10.0.128.0/20", "tcp", 443, 443],
      ["10.0.144.0/20", "tcp", 443, 443],
    ]);
    expect(resourcesOf(json, "aws_vpc_security_group_egress_rule")).toEqual({});
    expect(onlyResource(json, "aws_security_group")).not.toHaveProperty("egress");
  });

  test("serves no principal of another account", () => {
    for (const endpoint of endpointsOf("Interface")) {
      const service = String(endpoint["service_name"]).split(".").slice(3).join(".");
      if (service === "eks-auth") {
        continue;
      }
      expect(policyOf(endpoint)).toEqual([
        expect.objectContaining({
          actions: [`${service.split(".")[0]}:*`],
          condition: [
            {
              test: "StringEquals",
              variable: "aws:PrincipalAccount",
              values: [expect.stringContaining("aws_caller_identity")],
            },
          ],
        }),
      ]);
    }
  });

  test("routes S3 through the gateway endpoint", () => {
    expect(endpointsOf("Gateway")).toEqual([
      expect.objectContaining({
        service_name: "com.amazonaws.ap-northeast-1.s3",
        route_table_ids: ["rtb-a", "rtb-c"],
      }),
    ]);
  });

  test("reaches the account's buckets and image layers in S3, and no other bucket", () => {
    const [own, layers, ...others] = policyOf(endpointsOf("Gateway")[0]);

    expect(own).toMatchObject({
      condition: [{ test: "StringEquals", variable: "aws:ResourceAccount" }],
    });
    expect(layers).toMatchObject({
      actions: ["s3:GetObject"],
      resources: [
        expect.stringMatching(/:s3:::prod-ap-northeast-1-starport-layer-bucket\/\*$/),
        expect.stringMatching(/:s3:::prod-registry-k8s-io-ap-northeast-1\/\*$/),
      ],
    });
    expect(others).toEqual([]);
  });
});

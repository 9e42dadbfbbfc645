import { RateLimitStore } from "../../../constructs/mesh/rate-limit-store";
import { onlyResource, resourcesOf, synthInCluster } from "../../support/synth";

describe("RateLimitStore", () => {
  const json = synthInCluster(
    (scope) =>
      new RateLimitStore(scope, "store", {
        vpcId: "vpc-1",
        subnetIds: ["subnet-a", "subnet-c"],
        clientCidrs: ["10.0.128.0/20", "10.0.144.0/20"],
      }),
  );
  const group = onlyResource(json, "aws_elasticache_replication_group");

  test("fails over to a replica in another zone", () => {
    expect(group).toMatchObject({
      num_cache_clusters: 2,
      automatic_failover_enabled: true,
      multi_az_enabled: true,
    });
  });

  test("is encrypted at rest and in transit, and refuses plaintext", () => {
    expect(group).toMatchObject({
      at_rest_encryption_enabled: "true",
      transit_encryption_enabled: true,
      transit_encryption_mode: "required",
    });
  });

  test("keeps no password in the state", () => {
    expect(group).not.toHaveProperty("auth_token");
  });

  test("is reached by the pods' subnets on its port, and reaches nothing", () => {
    const rules = Object.values(resourcesOf(json, "aws_vpc_security_group_ingress_rule"));
    expect(rules.map((rule) => [rule["cidr_ipv4"], rule["from_port"], rule["to_port"]])).toEqual([
      ["10.0.128.0/20", 6379, 6379],
      ["10.0.144.0/20", 6379, 6379],
    ]);
    expect(resourcesOf(json, "aws_vpc_security_group_egress_rule")).toEqual({});
    expect(onlyResource(json, "aws_security_group")).not.toHaveProperty("egress");
  });

  test("stands in the database subnets", () => {
    expect(onlyResource(json, "aws_elasticache_subnet_group")["subnet_ids"]).toEqual(["subnet-a", "subnet-c"]);
  });
});

import { type Environment, ENVIRONMENTS, RATE_CLASSES } from "../../config";
import { EdgeStack } from "../../stacks/edge-stack";
import { ALERT_TOPICS } from "../support/cluster";
import { standby } from "../support/regions";
import { onlyResource, type ResourceJson, resourcesOf, synthStack, testApp } from "../support/synth";

const build = (environment: Environment) =>
  new EdgeStack(testApp(), "edge", {
    environment,
    network: {
      vpcId: "vpc-1",
      publicSubnetIds: ["subnet-public-a", "subnet-public-c", "subnet-public-d"],
      privateSubnetIds: ["subnet-private-a", "subnet-private-c", "subnet-private-d"],
      databaseSubnetIds: ["subnet-database-a", "subnet-database-c", "subnet-database-d"],
    },
    alertTopics: ALERT_TOPICS,
  });

describe("EdgeStack", () => {
  const stack = build(ENVIRONMENTS.production);
  const json = synthStack(stack);

  test("serves HTTPS with the domain's certificate once it is issued", () => {
    const https = Object.values(json.resource?.["aws_lb_listener"] ?? {}).find(({ port }) => port === 443);

    expect(https?.["certificate_arn"]).toMatch(/^\$\{aws_acm_certificate_validation\./);
  });

  test("points every tenant's host at the load balancer", () => {
    const wildcard = Object.values(json.resource?.["aws_route53_record"] ?? {}).find(({ type }) => type === "A");

    expect(wildcard).toMatchObject({
      name: "*.taskflow.example.com",
      alias: { name: expect.stringMatching(/^\$\{aws_lb\..*\.dns_name\}$/) },
    });
  });

  test("stops no office that uses its tenant's whole rate class", () => {
    const rules = onlyResource(json, "aws_wafv2_web_acl")["rule"] as ResourceJson[];
    const limit = rules.at(-1)?.["statement"].rate_based_statement.limit as number;

    expect(limit).toBeGreaterThan(RATE_CLASSES["enterprise-plus"].requestsPerMinute);
  });

  test("has one target group, whatever the number of tenants", () => {
    expect(onlyResource(json, "aws_lb_target_group")["name"]).toBe("taskflow-ingress-gateway");
    expect(stack.edge.targetGroupArn).not.toBe("");
    expect(stack.edge.loadBalancerSecurityGroupId).not.toBe("");
  });

  test.each([
    ["primary", standby().primary, ["*.taskflow.example.com", "entry.region.taskflow.example.com"]],
    ["secondary", standby(), ["us-east-1.region.taskflow.example.com", expect.stringMatching(/^\$\{aws_lb\./)]],
  ])("of two regions leads hosts as the %s", (_role, environment, expected) => {
    const records = Object.values(resourcesOf(synthStack(build(environment)), "aws_route53_record"));
    const [address, ...others] = records.filter(({ type }) => type === "A");

    expect([address?.["name"], address?.["alias"].name]).toEqual(expected);
    expect(others).toEqual([]);
  });

  test("matches its snapshot", () => {
    expect(json).toMatchSnapshot();
  });
});

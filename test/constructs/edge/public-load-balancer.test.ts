import { DEREGISTRATION_DELAY_SECONDS, PublicLoadBalancer } from "../../../constructs/edge";
import { onlyResource, type ResourceJson, resourcesOf, synthConstruct } from "../../support/synth";

const json = synthConstruct(
  (scope) =>
    new PublicLoadBalancer(scope, "load-balancer", {
      environment: "production",
      network: {
        vpcId: "vpc-1",
        publicSubnetIds: ["subnet-public-a", "subnet-public-c"],
        privateSubnetIds: ["subnet-private"],
        databaseSubnetIds: ["subnet-database"],
      },
      targetCidrs: ["10.0.128.0/20", "10.0.144.0/20"],
      certificateArn: "arn:certificate",
    }),
);

function listener(port: number): ResourceJson | undefined {
  return Object.values(resourcesOf(json, "aws_lb_listener")).find((candidate) => candidate["port"] === port);
}

function edges(type: string): unknown[] {
  return Object.values(resourcesOf(json, type))
    .map((rule) => [rule["cidr_ipv4"], rule["ip_protocol"], rule["from_port"], rule["to_port"]])
    .sort();
}

describe("Brief: ALB", () => {
  test("faces the internet from the public subnets", () => {
    expect(onlyResource(json, "aws_lb")).toMatchObject({
      name: "taskflow-edge",
      load_balancer_type: "application",
      internal: false,
      subnets: ["subnet-public-a", "subnet-public-c"],
    });
  });

  test("forwards everything to the ingress gateway's one target group", () => {
    expect(onlyResource(json, "aws_lb_target_group")).toMatchObject({
      target_type: "ip",
      protocol: "HTTPS",
      port: 443,
      vpc_id: "vpc-1",
    });
    expect(listener(443)?.["default_action"]).toEqual([
      { type: "forward", target_group_arn: expect.stringContaining("aws_lb_target_group") },
    ]);
    expect(resourcesOf(json, "aws_lb_listener_rule")).toEqual({});
  });
});

describe("PublicLoadBalancer", () => {
  test("speaks TLS 1.3, and of 1.2 only what keeps forward secrecy", () => {
    expect(listener(443)).toMatchObject({
      protocol: "HTTPS",
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      certificate_arn: "arn:certificate",
    });
  });

  test("keeps browsers on HTTPS and says nothing of itself", () => {
    expect(listener(443)).toMatchObject({
      routing_http_response_strict_transport_security_header_value: "max-age=31536000; includeSubDomains",
      routing_http_response_x_content_type_options_header_value: "nosniff",
      routing_http_response_server_enabled: false,
    });
  });

  test("answers HTTP with a redirect alone", () => {
    expect(listener(80)?.["default_action"]).toEqual([
      { type: "redirect", redirect: { protocol: "HTTPS", port: "443", status_code: "HTTP_301" } },
    ]);
  });

  test("drops malformed requests, refuses what the firewall has not seen, and resists deletion", () => {
    expect(onlyResource(json, "aws_lb")).toMatchObject({
      drop_invalid_header_fields: true,
      desync_mitigation_mode: "defensive",
      enable_waf_fail_open: false,
      enable_deletion_protection: true,
      xff_header_processing_mode: "append",
    });
  });

  test("asks Envoy itself whether a target is ready", () => {
    expect(onlyResource(json, "aws_lb_target_group")["health_check"]).toMatchObject({
      protocol: "HTTP",
      port: "15021",
      path: "/healthz/ready",
      matcher: "200",
    });
  });

  test("gives a leaving target 30 to 60 seconds", () => {
    expect(DEREGISTRATION_DELAY_SECONDS).toBeGreaterThanOrEqual(30);
    expect(DEREGISTRATION_DELAY_SECONDS).toBeLessThanOrEqual(60);
    expect(onlyResource(json, "aws_lb_target_group")["deregistration_delay"]).toBe(
      String(DEREGISTRATION_DELAY_SECONDS),
    );
  });

  test("lets the internet in on 80 and 443", () => {
    expect(edges("aws_vpc_security_group_ingress_rule")).toEqual([
      ["0.0.0.0/0", "tcp", 443, 443],
      ["0.0.0.0/0", "tcp", 80, 80],
    ]);
  });

  test("reaches the gateway's traffic and readiness ports in the private subnets, and nothing else", () => {
    expect(edges("aws_vpc_security_group_egress_rule")).toEqual([
      ["10.0.128.0/20", "tcp", 15021, 15021],
      ["10.0.128.0/20", "tcp", 443, 443],
      ["10.0.144.0/20", "tcp", 15021, 15021],
      ["10.0.144.0/20", "tcp", 443, 443],
    ]);
    expect(onlyResource(json, "aws_security_group")).not.toHaveProperty("egress");
  });

  test("logs each request to a bucket that only load balancers of this account write to", () => {
    const document = Object.values(json.data?.["aws_iam_policy_document"] ?? {})[0];
    const delivery = (document?.["statement"] as ResourceJson[]).find(({ sid }) => sid === "LoadBalancerLogs");

    expect(onlyResource(json, "aws_lb")).toMatchObject({
      access_logs: { enabled: true, bucket: expect.stringContaining("aws_s3_bucket") },
      depends_on: [expect.stringMatching(/^aws_s3_bucket_policy\./)],
    });
    expect(delivery).toMatchObject({
      principals: [{ type: "Service", identifiers: ["logdelivery.elasticloadbalancing.amazonaws.com"] }],
      actions: ["s3:PutObject"],
      resources: [expect.stringMatching(/\/AWSLogs\/\$\{data\.aws_caller_identity\.[^}]*account_id\}\/\*$/)],
    });
  });
});

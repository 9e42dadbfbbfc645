import { HostedDomain } from "../../../constructs/edge";
import { onlyResource, resourcesOf, synthConstruct } from "../../support/synth";

const json = synthConstruct((scope) => {
  new HostedDomain(scope, "domain", { domain: "taskflow.example.com" }).answerWith({
    dnsName: "lb.example.amazonaws.com",
    zoneId: "ZLB",
  });
});

function record(id: string, stack = json) {
  return Object.entries(resourcesOf(stack, "aws_route53_record")).find(([key]) => key.startsWith(id))?.[1];
}

describe("HostedDomain", () => {
  test("looks the zone up, so that a destroyed stack takes no domain with it", () => {
    expect(resourcesOf(json, "aws_route53_zone")).toEqual({});
    expect(Object.values(json.data?.["aws_route53_zone"] ?? {})).toEqual([
      expect.objectContaining({ name: "taskflow.example.com", private_zone: false }),
    ]);
  });

  test("asks for a certificate of every tenant's host and of the domain, proved by DNS", () => {
    expect(onlyResource(json, "aws_acm_certificate")).toMatchObject({
      domain_name: "*.taskflow.example.com",
      subject_alternative_names: ["taskflow.example.com"],
      validation_method: "DNS",
      lifecycle: { create_before_destroy: true },
    });
    expect(record("domain_certificate-proof")).toMatchObject({
      name: expect.stringMatching(/^\$\{tolist\(aws_acm_certificate\..*\)\.0\.resource_record_name\}$/),
      allow_overwrite: true,
    });
  });

  test("answers for all tenants with one alias of the load balancer", () => {
    expect(record("domain_wildcard")).toMatchObject({
      name: "*.taskflow.example.com",
      type: "A",
      alias: { name: "lb.example.amazonaws.com", zone_id: "ZLB" },
    });
  });

  describe("of two regions", () => {
    const synth = (name: string, role: "primary" | "secondary") =>
      synthConstruct((scope) => {
        new HostedDomain(scope, "domain", { domain: "taskflow.example.com", region: { name, role } }).answerWith({
          dnsName: "lb.example.amazonaws.com",
          zoneId: "ZLB",
        });
      });
    const primary = synth("ap-northeast-1", "primary");
    const secondary = synth("us-east-1", "secondary");

    test("leads the primary's wildcard to whichever of them serves, in the zone itself", () => {
      expect(record("domain_wildcard", primary)).toMatchObject({
        name: "*.taskflow.example.com",
        alias: {
          name: "entry.region.taskflow.example.com",
          zone_id: expect.stringMatching(/^\$\{data\.aws_route53_zone\..*\.zone_id\}$/),
        },
      });
      expect(Object.keys(resourcesOf(primary, "aws_route53_record"))).toHaveLength(2);
    });

    test("answers for the secondary under its own host, and leaves the wildcard to the primary", () => {
      expect(onlyResource(secondary, "aws_route53_record")).toMatchObject({
        name: "us-east-1.region.taskflow.example.com",
        type: "A",
        alias: { name: "lb.example.amazonaws.com", zone_id: "ZLB" },
      });
    });

    test("proves the secondary's certificate by the primary's record, and waits for it", () => {
      expect(onlyResource(secondary, "aws_acm_certificate")).toMatchObject({ domain_name: "*.taskflow.example.com" });
      const validation = onlyResource(secondary, "aws_acm_certificate_validation");
      expect(validation["certificate_arn"]).toMatch(/^\$\{aws_acm_certificate\./);
      expect(validation).not.toHaveProperty("validation_record_fqdns");
      expect(onlyResource(primary, "aws_acm_certificate_validation")).toHaveProperty("validation_record_fqdns");
    });
  });
});

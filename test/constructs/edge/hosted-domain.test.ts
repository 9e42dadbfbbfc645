import { HostedDomain } from "../../../constructs/edge";
import { onlyResource, resourcesOf, synthConstruct } from "../../support/synth";

const json = synthConstruct((scope) => {
  new HostedDomain(scope, "domain", { domain: "taskflow.example.com" }).answerWith({
    dnsName: "lb.example.amazonaws.com",
    zoneId: "ZLB",
  });
});

function record(id: string) {
  return Object.entries(resourcesOf(json, "aws_route53_record")).find(([key]) => key.startsWith(id))?.[1];
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
});

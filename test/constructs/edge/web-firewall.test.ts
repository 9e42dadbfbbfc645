import { WebFirewall } from "../../../constructs/edge";
import { MANAGED_RULE_GROUPS } from "../../../constructs/edge/managed-rule-groups";
import { onlyResource, type ResourceJson, synthConstruct } from "../../support/synth";

const json = synthConstruct(
  (scope) =>
    new WebFirewall(scope, "firewall", {
      region: "ap-northeast-1",
      loadBalancerArn: "arn:load-balancer",
      requestsPerMinutePerAddress: 24_000,
      logRetentionDays: 90,
    }),
);
const acl = onlyResource(json, "aws_wafv2_web_acl");
const rules = acl["rule"] as ResourceJson[];
const logging = onlyResource(json, "aws_wafv2_web_acl_logging_configuration");

describe("Brief: AWS WAF", () => {
  test("stands before the load balancer", () => {
    expect(acl).toMatchObject({ scope: "REGIONAL", default_action: { allow: {} } });
    expect(onlyResource(json, "aws_wafv2_web_acl_association")).toMatchObject({
      resource_arn: "arn:load-balancer",
      web_acl_arn: expect.stringContaining("aws_wafv2_web_acl"),
    });
  });

  test("enforces AWS's managed groups", () => {
    const managed = rules.slice(0, -1);

    expect(managed.map((rule) => rule["name"] as string)).toEqual([
      "AWSManagedRulesAmazonIpReputationList",
      "AWSManagedRulesAnonymousIpList",
      "AWSManagedRulesCommonRuleSet",
      "AWSManagedRulesKnownBadInputsRuleSet",
      "AWSManagedRulesSQLiRuleSet",
    ]);
    for (const rule of managed) {
      expect(rule["override_action"]).toEqual({ none: {} });
      expect(rule["statement"]).toMatchObject({
        managed_rule_group_statement: { vendor_name: "AWS", name: rule["name"] },
      });
    }
  });

  test("limits each address by the minute and answers 429", () => {
    expect(rules.at(-1)).toMatchObject({
      action: { block: { custom_response: { response_code: 429 } } },
      statement: { rate_based_statement: { limit: 24_000, aggregate_key_type: "IP", evaluation_window_sec: 60 } },
    });
  });
});

describe("WebFirewall", () => {
  test("only counts the rules that uploads and customers' integrations would trip", () => {
    const counted = rules.flatMap((rule) => {
      const statement = rule["statement"] as ResourceJson;
      return (statement["managed_rule_group_statement"]?.rule_action_override ?? []) as ResourceJson[];
    });

    expect(counted).toEqual([
      { name: "HostingProviderIPList", action_to_use: { count: {} } },
      { name: "SizeRestrictions_BODY", action_to_use: { count: {} } },
    ]);
  });

  test("evaluates each rule at a priority of its own", () => {
    expect(rules.map((rule) => rule["priority"] as number)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("fits into the 1,500 capacity units that its price includes", () => {
    // A rate rule by address alone takes 2 units (AWS WAF developer guide, capacity units).
    expect(MANAGED_RULE_GROUPS.reduce((sum, group) => sum + group.capacity, 2)).toBeLessThanOrEqual(1_500);
  });

  test("logs what it refused or counted to a group with retention", () => {
    expect(onlyResource(json, "aws_cloudwatch_log_group")).toMatchObject({
      name: expect.stringMatching(/^aws-waf-logs-/),
      retention_in_days: 90,
    });
    expect(logging["logging_filter"]).toMatchObject({
      default_behavior: "DROP",
      filter: [
        {
          behavior: "KEEP",
          requirement: "MEETS_ANY",
          condition: [{ action_condition: { action: "BLOCK" } }, { action_condition: { action: "COUNT" } }],
        },
      ],
    });
  });

  test("shows no credentials, neither in the log nor in samples", () => {
    expect(logging["redacted_fields"]).toEqual([
      { single_header: { name: "authorization" } },
      { single_header: { name: "cookie" } },
    ]);
    expect(acl["data_protection_config"]).toEqual({
      data_protection: [
        { action: "SUBSTITUTION", field: { field_type: "SINGLE_HEADER", field_keys: ["authorization", "cookie"] } },
      ],
    });
  });

  test("lets only log delivery for this account write to the group", () => {
    const document = Object.values(json.data?.["aws_iam_policy_document"] ?? {})[0];

    expect(onlyResource(json, "aws_cloudwatch_log_resource_policy")["policy_name"]).toBe("taskflow-waf-logs");
    expect(document?.["statement"]).toEqual([
      expect.objectContaining({
        principals: [{ type: "Service", identifiers: ["delivery.logs.amazonaws.com"] }],
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        condition: [
          expect.objectContaining({ variable: "aws:SourceAccount" }),
          expect.objectContaining({ variable: "aws:SourceArn" }),
        ],
      }),
    ]);
  });
});

import { Wafv2WebAcl, type Wafv2WebAclRule } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Construct } from "constructs";

import { MANAGED_RULE_GROUPS, type ManagedRuleGroup } from "./managed-rule-groups";
import { WebFirewallLogs } from "./web-firewall-logs";

export interface WebFirewallProps {
  readonly region: string;
  /** The load balancer behind the firewall. */
  readonly loadBalancerArn: string;
  /** Requests that one address may send a minute; more are answered with 429. 10 to 2,000,000,000 (AWS WAF quotas). */
  readonly requestsPerMinutePerAddress: number;
  readonly logRetentionDays: number;
}

/** Name of the access control list; also its dimension in CloudWatch. */
export const FIREWALL_NAME = "taskflow-edge";

/** Seconds over which requests of an address are counted: the shortest that AWS WAF has, for the quickest answer. */
const RATE_WINDOW_SECONDS = 60;

/** Headers that carry credentials: masked wherever AWS WAF shows a request. */
const SECRET_HEADERS = ["authorization", "cookie"];

/** AWS WAF before the load balancer: AWS's rule groups, a limit per address, and a log of what was refused or counted. */
export class WebFirewall extends Construct {
  constructor(scope: Construct, id: string, props: WebFirewallProps) {
    super(scope, id);
    const acl = new Wafv2WebAcl(this, "Resource", {
      name: FIREWALL_NAME,
      description: "Before the public load balancer",
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rule: [
        ...MANAGED_RULE_GROUPS.map((group, index) => managedRule(group, index)),
        rateRule(props.requestsPerMinutePerAddress, MANAGED_RULE_GROUPS.length),
      ],
      // Covers the samples on the console as well, which the log's redaction does not.
      dataProtectionConfig: {
        dataProtection: [{ action: "SUBSTITUTION", field: { fieldType: "SINGLE_HEADER", fieldKeys: SECRET_HEADERS } }],
      },
      visibilityConfig: visibility(FIREWALL_NAME),
    });
    new Wafv2WebAclAssociation(this, "association", {
      resourceArn: props.loadBalancerArn,
      webAclArn: acl.arn,
    });
    new WebFirewallLogs(this, "logs", {
      region: props.region,
      webAclArn: acl.arn,
      retentionDays: props.logRetentionDays,
      redactedHeaders: SECRET_HEADERS,
    });
  }
}

/** The binding hands `statement` through as it is: its keys are Terraform's own. */
function managedRule(group: ManagedRuleGroup, priority: number): Wafv2WebAclRule {
  return {
    name: group.name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managed_rule_group_statement: {
        vendor_name: "AWS",
        name: group.name,
        rule_action_override: group.counted.map(({ rule }) => ({ name: rule, action_to_use: { count: {} } })),
      },
    },
    visibilityConfig: visibility(group.name),
  };
}

function rateRule(limit: number, priority: number): Wafv2WebAclRule {
  return {
    name: "rate-per-address",
    priority,
    action: { block: { customResponse: { responseCode: 429 } } },
    statement: {
      rate_based_statement: { limit, aggregate_key_type: "IP", evaluation_window_sec: RATE_WINDOW_SECONDS },
    },
    visibilityConfig: visibility("rate-per-address"),
  };
}

function visibility(metricName: string) {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}

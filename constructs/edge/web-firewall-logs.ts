import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchLogResourcePolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-resource-policy";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import { Construct } from "constructs";

export interface WebFirewallLogsProps {
  readonly region: string;
  readonly webAclArn: string;
  /** Days that CloudWatch keeps the log. */
  readonly retentionDays: number;
  /** Headers whose values the log leaves out. */
  readonly redactedHeaders: readonly string[];
}

/** The log of requests that the firewall refused or counted. What it let pass is in the load balancer's access log. */
export class WebFirewallLogs extends Construct {
  constructor(scope: Construct, id: string, props: WebFirewallLogsProps) {
    super(scope, id);
    const group = new CloudwatchLogGroup(this, "Resource", {
      // AWS WAF writes to no group without this prefix.
      name: "aws-waf-logs-taskflow",
      retentionInDays: props.retentionDays,
    });
    const delivery = this.allowDelivery(group, props.region);
    new Wafv2WebAclLoggingConfiguration(this, "configuration", {
      resourceArn: props.webAclArn,
      logDestinationConfigs: [group.arn],
      redactedFields: props.redactedHeaders.map((name) => ({ singleHeader: { name } })),
      loggingFilter: {
        defaultBehavior: "DROP",
        filter: [
          {
            behavior: "KEEP",
            requirement: "MEETS_ANY",
            condition: ["BLOCK", "COUNT"].map((action) => ({ actionCondition: { action } })),
          },
        ],
      },
      dependsOn: [delivery],
    });
  }

  private allowDelivery(group: CloudwatchLogGroup, region: string): CloudwatchLogResourcePolicy {
    const accountId = new DataAwsCallerIdentity(this, "account").accountId;
    const partition = new DataAwsPartition(this, "partition").partition;
    return new CloudwatchLogResourcePolicy(this, "delivery", {
      policyName: "taskflow-waf-logs",
      policyDocument: new DataAwsIamPolicyDocument(this, "delivery-policy", {
        statement: [
          {
            sid: "WebFirewallLogs",
            principals: [{ type: "Service", identifiers: ["delivery.logs.amazonaws.com"] }],
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resources: [`${group.arn}:*`],
            condition: [
              { test: "StringEquals", variable: "aws:SourceAccount", values: [accountId] },
              {
                test: "ArnLike",
                variable: "aws:SourceArn",
                values: [`arn:${partition}:logs:${region}:${accountId}:*`],
              },
            ],
          },
        ],
      }).json,
    });
  }
}

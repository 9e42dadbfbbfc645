import type { Lb } from "@cdktf/provider-aws/lib/lb";
import { Fn } from "cdktf";
import { Construct } from "constructs";

import { type AlertTopicArns, MetricAlarm } from "../account";
import { FIREWALL_NAME } from "./web-firewall";

export interface EdgeAlarmsProps {
  readonly region: string;
  readonly loadBalancer: Lb;
  readonly targetGroupArn: string;
  readonly certificateArn: string;
  readonly topics: AlertTopicArns;
}

/** Gateway pods that must be in service: one may go while a zone is away (brief: three at least). */
const HEALTHY_TARGETS = 2;

/** Responses of the load balancer's own making in a minute: more than a rollout's last connections. */
const OWN_ERRORS_A_MINUTE = 10;

/** Requests refused in five minutes: twice what all tenants send on average (brief: 50 million a month). */
const BLOCKED_REQUESTS = 10_000;

/** ACM renews 60 days before the end; half of that gone, it has failed for a month. */
const CERTIFICATE_DAYS = 30;

/** What fails before a request reaches the gateway: no proxy counts it, so Prometheus cannot know. */
export class EdgeAlarms extends Construct {
  constructor(scope: Construct, id: string, props: EdgeAlarmsProps) {
    super(scope, id);
    const { topics } = props;
    const loadBalancer = { LoadBalancer: props.loadBalancer.arnSuffix };
    new MetricAlarm(this, "errors", {
      name: "taskflow-edge-errors",
      description: "The load balancer answers with 5xx of its own: it reaches no gateway, or waits for it in vain.",
      runbook: "gateway-latency.md",
      metric: {
        namespace: "AWS/ApplicationELB",
        name: "HTTPCode_ELB_5XX_Count",
        statistic: "Sum",
        dimensions: loadBalancer,
      },
      threshold: { above: OWN_ERRORS_A_MINUTE },
      periodSeconds: 60,
      periods: 3,
      missing: "notBreaching",
      topicArn: topics.page,
    });
    new MetricAlarm(this, "targets", {
      name: "taskflow-edge-targets",
      description: `Fewer than ${HEALTHY_TARGETS} gateway pods are in the load balancer's service.`,
      runbook: "gateway-latency.md",
      metric: {
        namespace: "AWS/ApplicationELB",
        name: "HealthyHostCount",
        statistic: "Minimum",
        // `targetgroup/<name>/<id>`, the last part of the ARN.
        dimensions: { TargetGroup: String(Fn.element(Fn.split(":", props.targetGroupArn), 5)), ...loadBalancer },
      },
      threshold: { below: HEALTHY_TARGETS },
      periodSeconds: 60,
      periods: 3,
      // Nothing is published where nothing is registered.
      missing: "breaching",
      topicArn: topics.page,
    });
    new MetricAlarm(this, "blocked", {
      name: "taskflow-edge-blocked",
      description: "AWS WAF refuses more than the whole fleet sends: an attack, or a rule that hits customers.",
      runbook: "throttling.md",
      metric: {
        namespace: "AWS/WAFV2",
        name: "BlockedRequests",
        statistic: "Sum",
        dimensions: { WebACL: FIREWALL_NAME, Region: props.region, Rule: "ALL" },
      },
      threshold: { above: BLOCKED_REQUESTS },
      periodSeconds: 300,
      periods: 1,
      missing: "notBreaching",
      topicArn: topics.ticket,
    });
    new MetricAlarm(this, "certificate", {
      name: "taskflow-edge-certificate",
      description: `The public certificate ends within ${CERTIFICATE_DAYS} days: ACM cannot renew it.`,
      runbook: "certificates.md",
      metric: {
        namespace: "AWS/CertificateManager",
        name: "DaysToExpiry",
        statistic: "Minimum",
        dimensions: { CertificateArn: props.certificateArn },
      },
      threshold: { below: CERTIFICATE_DAYS },
      periodSeconds: 86_400,
      periods: 1,
      missing: "notBreaching",
      topicArn: topics.ticket,
    });
  }
}

import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import { Construct } from "constructs";

import { MetricAlarm } from "../account";
import { REGION_HEALTH_PATH } from "./region-hosts";

export interface DeepCheckProps {
  /** Names the check and its alarm; begins with `taskflow-`. */
  readonly name: string;
  /** The region's own host. */
  readonly host: string;
  /** What is wrong when it fails, for the person who is told. */
  readonly description: string;
  /** Topic that hears of it. */
  readonly topicArn: string;
}

/**
 * Locations that ask, three at least (Route 53 API reference, HealthCheckConfig). Neither region is among them: a region that
 * is lost does not judge itself, nor the other.
 */
const ASKED_FROM = ["ap-southeast-1", "eu-west-1", "us-west-2"];

/** Seconds between a location's requests: 30, or 10 at a surcharge. A person decides what follows, in minutes. */
const INTERVAL_SECONDS = 30;

/** Answers in a row that turn the verdict. */
const FAILURES = 3;

/**
 * Asks a region from outside whether it serves, through everything that a tenant's request passes. Its metric, and so its
 * alarm, is in us-east-1 alone (Route 53 developer guide, monitoring health checks).
 */
export class DeepCheck extends Construct {
  public readonly healthCheckId: string;

  constructor(scope: Construct, id: string, props: DeepCheckProps) {
    super(scope, id);
    this.healthCheckId = new Route53HealthCheck(this, "Resource", {
      type: "HTTPS",
      fqdn: props.host,
      port: 443,
      resourcePath: REGION_HEALTH_PATH,
      // Sent, though Route 53 judges no certificate: the wildcard's does not cover a host two labels deep.
      enableSni: true,
      requestInterval: INTERVAL_SECONDS,
      failureThreshold: FAILURES,
      measureLatency: false,
      regions: ASKED_FROM,
      tags: { Name: props.name },
    }).id;
    new MetricAlarm(this, "alarm", {
      name: props.name,
      description: props.description,
      runbook: "region-failover.md",
      metric: {
        namespace: "AWS/Route53",
        name: "HealthCheckStatus",
        statistic: "Minimum",
        dimensions: { HealthCheckId: this.healthCheckId },
      },
      threshold: { below: 1 },
      periodSeconds: 60,
      periods: 2,
      // Without a verdict nobody knows that the region serves.
      missing: "breaching",
      topicArn: props.topicArn,
    });
  }
}

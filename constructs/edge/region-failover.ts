import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

import type { AlertTopicArns } from "../account";
import { DeepCheck } from "./deep-check";
import { HealthSwitch } from "./health-switch";
import { entryHost, regionHost } from "./region-hosts";

export interface RegionFailoverProps {
  readonly domain: string;
  readonly primaryRegion: string;
  readonly secondaryRegion: string;
  /** Which of the two serves tenants. */
  readonly serving: "primary" | "secondary";
  readonly topics: AlertTopicArns;
}

/**
 * The one host that all tenants' hosts lead to, and which of two regions it means. That is decided by two switches and
 * never by Route 53 itself: promoting a replica is one-way.
 *
 * - Standby: the fence admits the primary and the secondary is closed. Where both are unhealthy Route 53 answers with the
 *   primary, so a primary that is ill is not left for a region whose database is read-only.
 * - Serving: the fence keeps the primary out even when it comes back, and the secondary is open whatever its own check
 *   says: it is the only address.
 */
export class RegionFailover extends Construct {
  private readonly props: RegionFailoverProps;
  private readonly zoneId: string;

  constructor(scope: Construct, id: string, props: RegionFailoverProps) {
    super(scope, id);
    const { domain, primaryRegion, secondaryRegion, serving } = props;
    this.props = props;
    this.zoneId = new DataAwsRoute53Zone(this, "zone", { name: domain, privateZone: false }).zoneId;

    const primary = this.addDeepCheck("primary", primaryRegion);
    this.addDeepCheck("secondary", secondaryRegion);
    const fence = new HealthSwitch(this, "fence", {
      name: "taskflow-primary-fence",
      host: regionHost(domain, primaryRegion),
      on: serving === "primary",
    });
    const open = new HealthSwitch(this, "open", {
      name: "taskflow-secondary-open",
      host: regionHost(domain, secondaryRegion),
      on: serving === "secondary",
    });
    const primaryServes = new Route53HealthCheck(this, "primary-serves", {
      type: "CALCULATED",
      childHealthchecks: [primary.healthCheckId, fence.healthCheckId],
      childHealthThreshold: 2,
      tags: { Name: "taskflow-primary-serves" },
    });
    this.addRecord("primary", primaryRegion, primaryServes.id);
    this.addRecord("secondary", secondaryRegion, open.healthCheckId);
  }

  private addDeepCheck(role: "primary" | "secondary", region: string): DeepCheck {
    const { domain, serving, topics } = this.props;
    const serves = role === serving;
    return new DeepCheck(this, `${role}-check`, {
      name: `taskflow-region-${role}`,
      host: regionHost(domain, region),
      description: serves
        ? `${region} does not serve, seen from outside: decide whether the other region takes over.`
        : `${region} could not take over: seen from outside, it does not answer.`,
      topicArn: serves ? topics.page : topics.ticket,
    });
  }

  private addRecord(role: "primary" | "secondary", region: string, healthCheckId: string): void {
    const { domain } = this.props;
    new Route53Record(this, role, {
      zoneId: this.zoneId,
      name: entryHost(domain),
      type: "A",
      setIdentifier: region,
      failoverRoutingPolicy: { type: role.toUpperCase() },
      healthCheckId,
      // The health checks alone decide, not the load balancer's targets.
      alias: { name: regionHost(domain, region), zoneId: this.zoneId, evaluateTargetHealth: false },
    });
  }
}

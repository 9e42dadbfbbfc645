import { DataAwsLb } from "@cdktf/provider-aws/lib/data-aws-lb";
import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

import { LOAD_BALANCER_NAME } from "./public-load-balancer";
import { regionHost } from "./region-hosts";

export interface PrimaryHostProps {
  readonly domain: string;
  /** The primary region. */
  readonly region: string;
}

/**
 * The primary region's own host, made from the secondary's side. Route 53 refuses an alias of a record that does not exist,
 * so it must stand before the failover records, and those before the primary's wildcard leads to them.
 */
export class PrimaryHost extends Construct {
  constructor(scope: Construct, id: string, props: PrimaryHostProps) {
    super(scope, id);
    const zone = new DataAwsRoute53Zone(this, "zone", { name: props.domain, privateZone: false });
    const loadBalancer = new DataAwsLb(this, "load-balancer", { name: LOAD_BALANCER_NAME, region: props.region });
    new Route53Record(this, "Resource", {
      zoneId: zone.zoneId,
      name: regionHost(props.domain, props.region),
      type: "A",
      // The only address: a wrong health verdict must not take it away.
      alias: { name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId, evaluateTargetHealth: false },
    });
  }
}

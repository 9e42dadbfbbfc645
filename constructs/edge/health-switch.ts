import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import { Construct } from "constructs";

export interface HealthSwitchProps {
  /** Shown in Route 53's console. */
  readonly name: string;
  /** Host that the check would ask; Route 53 wants one. */
  readonly host: string;
  /** Whether Route 53 counts it healthy. */
  readonly on: boolean;
}

/**
 * A health check that an operator decides. Disabled, it asks nobody and counts healthy; disabled and inverted, it counts
 * unhealthy (Route 53 API reference, HealthCheckConfig).
 */
export class HealthSwitch extends Construct {
  public readonly healthCheckId: string;

  constructor(scope: Construct, id: string, props: HealthSwitchProps) {
    super(scope, id);
    this.healthCheckId = new Route53HealthCheck(this, "Resource", {
      type: "TCP",
      fqdn: props.host,
      port: 443,
      requestInterval: 30,
      failureThreshold: 3,
      disabled: true,
      invertHealthcheck: !props.on,
      tags: { Name: props.name },
    }).id;
  }
}

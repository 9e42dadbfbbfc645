import type { Construct } from "constructs";

import { peerEnvironment, RATE_CLASSES } from "../config";
import type { AlertTopicArns } from "../constructs/account";
import { EdgeAlarms, type EdgeOutputs, HostedDomain, PublicLoadBalancer, WebFirewall } from "../constructs/edge";
import type { NetworkOutputs } from "../constructs/network";
import { BaseStack, type BaseStackProps } from "./base-stack";

export interface EdgeStackProps extends BaseStackProps {
  readonly network: NetworkOutputs;
  readonly alertTopics: AlertTopicArns;
}

/**
 * Twice the largest rate class. An office shares one address, and may use its tenant's whole class; the contract's limit
 * is the gateway's to count, the firewall only stops a flood.
 */
const REQUESTS_PER_MINUTE_PER_ADDRESS =
  2 * Math.max(...Object.values(RATE_CLASSES).map((rateClass) => rateClass.requestsPerMinute));

/** Everything between the internet and the ingress gateway. */
export class EdgeStack extends BaseStack {
  public readonly edge: EdgeOutputs;

  constructor(scope: Construct, id: string, props: EdgeStackProps) {
    super(scope, id, props);
    const { environment, network } = props;
    const role = environment.primary === undefined ? ("primary" as const) : ("secondary" as const);
    const domain = new HostedDomain(this, "domain", {
      domain: environment.domain,
      ...(peerEnvironment(environment) ? { region: { name: environment.region, role } } : {}),
    });
    const entrance = new PublicLoadBalancer(this, "load-balancer", {
      environment: environment.name,
      network,
      targetCidrs: environment.network.privateSubnets.map((subnet) => subnet.cidr),
      certificateArn: domain.certificateArn,
    });
    domain.answerWith(entrance.loadBalancer);
    new WebFirewall(this, "firewall", {
      region: environment.region,
      loadBalancerArn: entrance.loadBalancer.arn,
      requestsPerMinutePerAddress: REQUESTS_PER_MINUTE_PER_ADDRESS,
      logRetentionDays: environment.logRetentionDays,
    });
    new EdgeAlarms(this, "alarms", {
      region: environment.region,
      loadBalancer: entrance.loadBalancer,
      targetGroupArn: entrance.targetGroupArn,
      certificateArn: domain.certificateArn,
      topics: props.alertTopics,
    });
    this.edge = {
      targetGroupArn: entrance.targetGroupArn,
      loadBalancerSecurityGroupId: entrance.securityGroupId,
    };
  }
}

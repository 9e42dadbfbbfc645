import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

import { PORTS } from "../../config";
import { DEREGISTRATION_DELAY_SECONDS, ENVOY_HEALTH_CHECK } from "../edge";
import type { NetworkOutputs } from "../network";
import type { MeshRegions } from "./regions";

export interface EastWestLoadBalancerProps {
  readonly network: NetworkOutputs;
  readonly regions: MeshRegions;
  /** Domain with a hosted zone in the account, in which the gateway's host stands. */
  readonly domain: string;
}

const NAME = "taskflow-east-west";

/**
 * The way from the other region to the east-west gateway: internal, TCP passed on as it is, open to the other region's private
 * subnets alone. Terraform owns it; a TargetGroupBinding puts the gateway's pods behind it.
 */
export class EastWestLoadBalancer extends Construct {
  public readonly targetGroupArn: string;
  public readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: EastWestLoadBalancerProps) {
    super(scope, id);
    this.securityGroupId = this.addSecurityGroup(props);
    const loadBalancer = new Lb(this, "Resource", {
      name: NAME,
      loadBalancerType: "network",
      internal: true,
      ipAddressType: "ipv4",
      subnets: [...props.network.privateSubnetIds],
      // A network load balancer that is made without one can never be given one.
      securityGroups: [this.securityGroupId],
      enableDeletionProtection: true,
      // Else a zone without a gateway's pod refuses what its address gets.
      enableCrossZoneLoadBalancing: true,
    });
    this.targetGroupArn = this.addTargetGroup(props.network.vpcId);
    new LbListener(this, "mutual-tls", {
      loadBalancerArn: loadBalancer.arn,
      port: PORTS.eastWest,
      protocol: "TCP",
      defaultAction: [{ type: "forward", targetGroupArn: this.targetGroupArn }],
    });
    new Route53Record(this, "record", {
      zoneId: new DataAwsRoute53Zone(this, "zone", { name: props.domain, privateZone: false }).zoneId,
      name: props.regions.own.gatewayHost,
      type: "A",
      // The only addresses: a wrong health verdict must not take them away.
      alias: { name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId, evaluateTargetHealth: false },
    });
  }

  private addSecurityGroup({ network, regions }: EastWestLoadBalancerProps): string {
    const group = new SecurityGroup(this, "security-group", {
      name: NAME,
      description: "Internal load balancer: the other region in, the east-west gateway out",
      vpcId: network.vpcId,
      tags: { Name: NAME },
    });
    for (const cidr of regions.peer.podSubnetCidrs) {
      new VpcSecurityGroupIngressRule(this, `from-${cidr.replace("/", "-")}`, {
        securityGroupId: group.id,
        description: `Gateways in ${regions.peer.region}`,
        cidrIpv4: cidr,
        ipProtocol: "tcp",
        fromPort: PORTS.eastWest,
        toPort: PORTS.eastWest,
      });
    }
    for (const [name, port] of Object.entries({ gateway: PORTS.eastWest, readiness: PORTS.envoyReadiness })) {
      for (const cidr of regions.own.podSubnetCidrs) {
        new VpcSecurityGroupEgressRule(this, `${name}-to-${cidr.replace("/", "-")}`, {
          securityGroupId: group.id,
          description: `The east-west gateway's ${name} port`,
          cidrIpv4: cidr,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
        });
      }
    }
    return group.id;
  }

  private addTargetGroup(vpcId: string): string {
    return new LbTargetGroup(this, "target-group", {
      name: NAME,
      vpcId,
      targetType: "ip",
      protocol: "TCP",
      port: PORTS.eastWest,
      // Pods see the load balancer's own addresses, which NetworkPolicies can name. AWS's default for such targets; stated,
      // because policies rest on it.
      preserveClientIp: "false",
      deregistrationDelay: String(DEREGISTRATION_DELAY_SECONDS),
      healthCheck: ENVOY_HEALTH_CHECK,
    }).arn;
  }
}

import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

import { PORTS } from "../../config";
import type { NetworkOutputs } from "../network";
import { DELIVERED_LOGS_DAYS, SecureBucket } from "../storage";
import { ENVOY_HEALTH_CHECK } from "./envoy-health-check";

export interface PublicLoadBalancerProps {
  /** Name of the environment; distinguishes bucket names, which are global to AWS. */
  readonly environment: string;
  readonly network: NetworkOutputs;
  /** CIDR blocks of the subnets whose pods are targets. */
  readonly targetCidrs: readonly string[];
  readonly certificateArn: string;
}

/** Name of the load balancer, one in each region. */
export const LOAD_BALANCER_NAME = "taskflow-edge";

/**
 * Seconds that the load balancer goes on sending open connections' requests to a target which leaves. A gateway pod must
 * drain in less, and its termination grace period be longer.
 */
export const DEREGISTRATION_DELAY_SECONDS = 45;

/** TLS 1.3, and 1.2 with forward secrecy and authenticated encryption alone (ELB user guide, security policies). */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";

/** Browsers stay with HTTPS for a year. */
const STRICT_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains";

/**
 * The way in from the internet: HTTPS to the ingress gateway's pods, whichever tenant is asked for. Routing by host is
 * the gateway's work, so no tenant ever adds a rule or a target group; a load balancer holds 100 of each.
 */
export class PublicLoadBalancer extends Construct {
  public readonly loadBalancer: Lb;
  /** Bound to the gateway's pods by a TargetGroupBinding, from inside the cluster. */
  public readonly targetGroupArn: string;
  public readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: PublicLoadBalancerProps) {
    super(scope, id);
    this.securityGroupId = this.addSecurityGroup(props);
    this.loadBalancer = this.addLoadBalancer(props);
    this.targetGroupArn = this.addTargetGroup(props);
    this.addListeners(props);
  }

  private addSecurityGroup(props: PublicLoadBalancerProps): string {
    const group = new SecurityGroup(this, "security-group", {
      name: "taskflow-edge",
      description: "Public load balancer: HTTP and HTTPS in, the ingress gateway out",
      vpcId: props.network.vpcId,
      tags: { Name: "taskflow-edge" },
    });
    for (const [name, port] of Object.entries({ http: 80, https: 443 })) {
      new VpcSecurityGroupIngressRule(this, `${name}-from-internet`, {
        securityGroupId: group.id,
        description: name === "http" ? "Answered with a redirect to HTTPS" : "HTTPS from anywhere",
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
      });
    }
    const destinations = { gateway: PORTS.gatewayHttps, readiness: PORTS.envoyReadiness };
    for (const [name, port] of Object.entries(destinations)) {
      for (const cidr of props.targetCidrs) {
        new VpcSecurityGroupEgressRule(this, `${name}-to-${cidr.replace("/", "-")}`, {
          securityGroupId: group.id,
          description: `The ingress gateway's ${name} port`,
          cidrIpv4: cidr,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
        });
      }
    }
    return group.id;
  }

  private addLoadBalancer(props: PublicLoadBalancerProps): Lb {
    const accountId = new DataAwsCallerIdentity(this, "account").accountId;
    const logs = new SecureBucket(this, "access-logs", {
      bucketName: `taskflow-${props.environment}-edge-logs-${accountId}`,
      accessLogs: { noneBecause: "holds logs itself; CloudTrail records who changes the bucket" },
      expireAfterDays: DELIVERED_LOGS_DAYS,
      keepVersionsDays: 30,
      // The key names the account whose load balancer writes, so another account's has no place here (ELB user guide,
      // access logs: one service principal for every region).
      allow: (bucketArn) => [
        {
          sid: "LoadBalancerLogs",
          principals: [{ type: "Service", identifiers: ["logdelivery.elasticloadbalancing.amazonaws.com"] }],
          actions: ["s3:PutObject"],
          resources: [`${bucketArn}/AWSLogs/${accountId}/*`],
        },
      ],
    });
    return new Lb(this, "Resource", {
      name: LOAD_BALANCER_NAME,
      loadBalancerType: "application",
      internal: false,
      // The VPC has no IPv6 addresses.
      ipAddressType: "ipv4",
      subnets: [...props.network.publicSubnetIds],
      securityGroups: [this.securityGroupId],
      enableDeletionProtection: true,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableHttp2: true,
      // Closed: when the firewall does not answer, a request is refused, not let through unseen.
      enableWafFailOpen: false,
      // Appended last, so that the gateway trusts exactly one hop and no client's own header.
      xffHeaderProcessingMode: "append",
      accessLogs: { bucket: logs.bucket.id, enabled: true },
      // Elastic Load Balancing writes a test object before it accepts the bucket.
      dependsOn: [logs.policy],
    });
  }

  private addTargetGroup(props: PublicLoadBalancerProps): string {
    return new LbTargetGroup(this, "target-group", {
      name: "taskflow-ingress-gateway",
      vpcId: props.network.vpcId,
      targetType: "ip",
      // Encrypted again; the load balancer does not verify the gateway's certificate, and needs none that is public.
      protocol: "HTTPS",
      protocolVersion: "HTTP1",
      port: PORTS.gatewayHttps,
      deregistrationDelay: String(DEREGISTRATION_DELAY_SECONDS),
      // A gateway pod that is slow gets fewer requests, instead of its turn.
      loadBalancingAlgorithmType: "least_outstanding_requests",
      healthCheck: ENVOY_HEALTH_CHECK,
    }).arn;
  }

  private addListeners(props: PublicLoadBalancerProps): void {
    new LbListener(this, "http", {
      loadBalancerArn: this.loadBalancer.arn,
      port: 80,
      protocol: "HTTP",
      defaultAction: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
    });
    new LbListener(this, "https", {
      loadBalancerArn: this.loadBalancer.arn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: TLS_POLICY,
      certificateArn: props.certificateArn,
      routingHttpResponseStrictTransportSecurityHeaderValue: STRICT_TRANSPORT_SECURITY,
      routingHttpResponseXContentTypeOptionsHeaderValue: "nosniff",
      routingHttpResponseServerEnabled: false,
      defaultAction: [{ type: "forward", targetGroupArn: this.targetGroupArn }],
    });
  }
}

import type { Release } from "@cdktf/provider-helm/lib/release";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { CHARTS, INGRESS_GATEWAY, NAMESPACES, PORTS, SERVICE_ACCOUNTS } from "../../config";
import { HelmChart, LocalManifests } from "../kubernetes";
import { GATEWAY_SHUTDOWN, gatewayValues } from "./gateway-pods";
import { gatewayObjects } from "./ingress-gateway-objects";
import { targetGroupBinding } from "./target-group-binding";

export interface IngressGatewayProps {
  /** Tenants answer on `<tenant>.<domain>`. */
  readonly domain: string;
  /** The load balancer's one target group: HTTPS to pod addresses, health-checked on 15021. */
  readonly targetGroupArn: string;
  readonly loadBalancerSecurityGroupId: string;
  /** Subnets of the load balancer's nodes. */
  readonly loadBalancerCidrs: readonly string[];
  /** Security group that the pods carry. */
  readonly clusterSecurityGroupId: string;
  /** The namespace, istiod, cert-manager, the AWS Load Balancer Controller. */
  readonly dependsOn: ITerraformDependable[];
}

/** Replicas and CPU target: brief. At 20 to 200 requests a second it is resilience, not load, that asks for three. */
const REPLICAS = { min: 3, max: 15, targetCpuPercent: 60 };

/** The load balancer in front appends the client's address to X-Forwarded-For. With a CDN before it: 2. */
const TRUSTED_PROXIES = 1;

/**
 * Counters of the global rate limit's filter, which Istio hides unless they are named: how often it struck and, the one
 * to alert on, how often it let pass because the service did not answer. What a tenant was refused is in
 * `istio_requests_total` (429, flag RL).
 */
const RATE_LIMIT_STATISTICS = "cluster\\..*\\.ratelimit\\.(over_limit|error|failure_mode_allowed)";

/** Pools towards tenants' stable pods, which Istio hides too: the metrics plan counts five for each service. */
const POOL_STATISTICS =
  "cluster\\.outbound\\|[0-9]+\\|v1\\|.+\\.upstream_(cx_active|cx_overflow|rq_active|rq_pending_active|rq_pending_overflow)";

/**
 * The one way in from the Internet: Envoy behind the load balancer, for all tenants. Every tenant's host is served by one
 * HTTPS server; a VirtualService of the tenant says what becomes of a request.
 */
export class IngressGateway extends Construct {
  public readonly release: Release;

  constructor(scope: Construct, id: string, props: IngressGatewayProps) {
    super(scope, id);
    // Before the pods: the controller gives a readiness gate to pods that a binding already selects.
    const binding = new LocalManifests(this, "target-group-binding", {
      releaseName: "ingress-gateway-target-group",
      namespace: NAMESPACES.istioIngress,
      objects: [
        targetGroupBinding({
          name: INGRESS_GATEWAY.gatewayName,
          targetGroupArn: props.targetGroupArn,
          service: { name: INGRESS_GATEWAY.release, port: PORTS.gatewayHttps },
        }),
      ],
      dependsOn: props.dependsOn,
    });
    // Before the pods too: one that comes up without its listener or certificate answers nothing.
    const objects = new LocalManifests(this, "manifests", {
      releaseName: "ingress-gateway-config",
      namespace: NAMESPACES.istioIngress,
      objects: gatewayObjects(props.domain, props.loadBalancerCidrs),
      dependsOn: props.dependsOn,
    });
    const rules = [PORTS.gatewayHttps, PORTS.envoyReadiness].map((port) => this.admitLoadBalancer(port, props));
    this.release = new HelmChart(this, "release", {
      chart: CHARTS.istioGateway,
      namespace: NAMESPACES.istioIngress,
      releaseName: INGRESS_GATEWAY.release,
      values: ingressGatewayValues(),
      dependsOn: [...props.dependsOn, binding.release, objects.release, ...rules],
    }).release;
  }

  private admitLoadBalancer(port: number, props: IngressGatewayProps): VpcSecurityGroupIngressRule {
    return new VpcSecurityGroupIngressRule(this, `load-balancer-${port}`, {
      securityGroupId: props.clusterSecurityGroupId,
      referencedSecurityGroupId: props.loadBalancerSecurityGroupId,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description: `Load balancer to the ingress gateway's port ${port}`,
    });
  }
}

function ingressGatewayValues() {
  return gatewayValues({
    serviceAccount: SERVICE_ACCOUNTS.ingressGateway,
    istioLabel: INGRESS_GATEWAY.istioLabel,
    port: { name: "https", port: PORTS.gatewayHttps },
    replicas: REPLICAS,
    scaling: {
      autoscaleBehavior: {
        scaleDown: {
          stabilizationWindowSeconds: 300,
          policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
        },
      },
    },
    proxyConfig: {
      gatewayTopology: { numTrustedProxies: TRUSTED_PROXIES },
      terminationDrainDuration: `${GATEWAY_SHUTDOWN.drain}s`,
      proxyStatsMatcher: { inclusionRegexps: [RATE_LIMIT_STATISTICS, POOL_STATISTICS] },
    },
    // 440 MiB of its own, 521 with its program, were measured with 500 tenants' 4,512 clusters at rest (docs/capacity.md).
    resources: { requests: { cpu: "500m", memory: "768Mi" }, limits: { cpu: "1500m", memory: "2Gi" } },
  });
}

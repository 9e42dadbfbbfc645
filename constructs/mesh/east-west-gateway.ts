import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { CHARTS, EAST_WEST_GATEWAY, NAMESPACES, PORTS } from "../../config";
import { gateway, HelmChart, type KubernetesObject, LocalManifests } from "../kubernetes";
import type { NetworkOutputs } from "../network";
import { EastWestLoadBalancer } from "./east-west-load-balancer";
import { GATEWAY_SHUTDOWN, gatewayValues } from "./gateway-pods";
import { API_GATEWAY_PRIMARY, NETWORK_LABEL, serviceHost } from "./names";
import type { MeshRegions } from "./regions";
import { targetGroupBinding } from "./target-group-binding";

export interface EastWestGatewayProps {
  readonly regions: MeshRegions;
  readonly network: NetworkOutputs;
  /** The gateway's host stands in its hosted zone. */
  readonly domain: string;
  /** Security group that the pods carry. */
  readonly clusterSecurityGroupId: string;
  /** The namespace with its policies, istiod, the AWS Load Balancer Controller. */
  readonly dependsOn: ITerraformDependable[];
}

/** It is idle but for a failover, and then passes one service's traffic on. */
const REPLICAS = { min: 2, max: 6, targetCpuPercent: 60 };

const SELECTOR = { istio: EAST_WEST_GATEWAY.istioLabel };

/**
 * The way in from the other region: Envoy that passes the mesh's mutual TLS on to the pod of the service which its SNI names,
 * and decrypts nothing. Who the caller is the pod's own sidecar checks, so that a certificate of another root gets no further
 * than that; one service can be named, and no endpoint outside of this region's network is behind it, or two regions that are
 * both sick would send requests to and fro.
 */
export class EastWestGateway extends Construct {
  constructor(scope: Construct, id: string, props: EastWestGatewayProps) {
    super(scope, id);
    const { targetGroupArn, securityGroupId } = new EastWestLoadBalancer(this, "load-balancer", props);
    // Before the pods: the controller gives a readiness gate to pods that a binding already selects.
    const manifests = new LocalManifests(this, "manifests", {
      releaseName: "east-west-gateway-config",
      namespace: NAMESPACES.istioIngress,
      objects: [
        targetGroupBinding({
          name: EAST_WEST_GATEWAY.gatewayName,
          targetGroupArn,
          service: { name: EAST_WEST_GATEWAY.release, port: PORTS.eastWest },
        }),
        passthrough(),
      ],
      dependsOn: props.dependsOn,
    });
    const rules = [PORTS.eastWest, PORTS.envoyReadiness].map(
      (port) =>
        new VpcSecurityGroupIngressRule(this, `load-balancer-${port}`, {
          securityGroupId: props.clusterSecurityGroupId,
          referencedSecurityGroupId: securityGroupId,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          description: `Internal load balancer to the east-west gateway's port ${port}`,
        }),
    );
    new HelmChart(this, "release", {
      chart: CHARTS.istioGateway,
      namespace: NAMESPACES.istioIngress,
      releaseName: EAST_WEST_GATEWAY.release,
      values: eastWestGatewayValues(props.regions.own.region),
      dependsOn: [...props.dependsOn, manifests.release, ...rules],
    });
  }
}

function passthrough(): KubernetesObject {
  return gateway(
    { name: EAST_WEST_GATEWAY.gatewayName, namespace: NAMESPACES.istioIngress },
    {
      selector: SELECTOR,
      servers: [
        {
          port: { number: PORTS.eastWest, name: "tls", protocol: "TLS" },
          hosts: [serviceHost(API_GATEWAY_PRIMARY, NAMESPACES.sharedServices)],
          tls: { mode: "AUTO_PASSTHROUGH" },
        },
      ],
    },
  );
}

/** The chart's `networkGateway` would say label and view too, but open istiod's ports on the Service beside them. */
function eastWestGatewayValues(network: string) {
  return gatewayValues({
    serviceAccount: EAST_WEST_GATEWAY.release,
    istioLabel: EAST_WEST_GATEWAY.istioLabel,
    besides: {
      labels: { [NETWORK_LABEL]: network },
      // Endpoints of this network alone.
      env: { ISTIO_META_REQUESTED_NETWORK_VIEW: network },
    },
    port: { name: "tls", port: PORTS.eastWest },
    replicas: REPLICAS,
    proxyConfig: { terminationDrainDuration: `${GATEWAY_SHUTDOWN.drain}s` },
    // It knows every service's clusters, as the ingress gateway does (docs/capacity.md), and works far less.
    resources: { requests: { cpu: "100m", memory: "768Mi" }, limits: { cpu: "1", memory: "2Gi" } },
  });
}

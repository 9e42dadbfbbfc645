import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { EAST_WEST_GATEWAY, INGRESS_GATEWAY, NAMESPACES, PORTS } from "../../config";
import { cidrs, tcp } from "../kubernetes";
import { RATE_LIMIT } from "./names";
import { NamespacePolicies, type PolicyRule } from "./network-policies";

export interface IngressNetworkPoliciesProps {
  /** Subnets of the load balancer's nodes. */
  readonly publicSubnetCidrs: readonly string[];
  /** Subnets that pods get their addresses from. */
  readonly podSubnetCidrs: readonly string[];
  /**
   * Subnets of the other region's internal load balancers.
   * @default - there is no other region
   */
  readonly peerSubnetCidrs?: readonly string[] | undefined;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * What reaches the gateway's pods, the most exposed of all, and what they reach. Envoy connects to pods' addresses, so
 * tenants are named by subnet and port: a selector over 3,500 pods would grow into some 18 PolicyEndpoints that every
 * gateway node follows, and a new pod would be unreachable until the last one has. Who is who, mutual TLS and the
 * tenants' own policies tell.
 */
export class IngressNetworkPolicies extends Construct {
  /** For what must not run before the policies are in force. */
  public readonly resources: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: IngressNetworkPoliciesProps) {
    super(scope, id);
    this.resources = new NamespacePolicies(this, "policies", {
      namespace: NAMESPACES.istioIngress,
      rules: [
        {
          name: "allow-load-balancer",
          ingress: [{ from: cidrs(props.publicSubnetCidrs), ports: tcp(PORTS.gatewayHttps, PORTS.envoyReadiness) }],
        },
        {
          name: "allow-services",
          egress: [{ to: cidrs(props.podSubnetCidrs), ports: tcp(PORTS.http, RATE_LIMIT.grpcPort) }],
        },
        ...(props.peerSubnetCidrs ? betweenRegions(props.podSubnetCidrs, props.peerSubnetCidrs) : []),
      ],
      dependsOn: props.dependsOn,
    }).resources;
  }
}

/** The ingress gateway calls the other region, and the east-west gateway is called by the load balancer of this one. */
function betweenRegions(own: readonly string[], peer: readonly string[]): readonly PolicyRule[] {
  return [
    {
      name: "allow-other-region",
      pods: { istio: INGRESS_GATEWAY.istioLabel },
      egress: [{ to: cidrs(peer), ports: tcp(PORTS.eastWest) }],
    },
    {
      name: "allow-east-west-load-balancer",
      pods: { istio: EAST_WEST_GATEWAY.istioLabel },
      ingress: [{ from: cidrs(own), ports: tcp(PORTS.eastWest, PORTS.envoyReadiness) }],
    },
  ];
}

import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { NAMESPACES, PORTS } from "../../config";
import { cidrs, tcp } from "../kubernetes";
import { RATE_LIMIT } from "./names";
import { NamespacePolicies } from "./network-policies";

export interface IngressNetworkPoliciesProps {
  /** Subnets of the load balancer's nodes. */
  readonly publicSubnetCidrs: readonly string[];
  /** Subnets that pods get their addresses from. */
  readonly podSubnetCidrs: readonly string[];
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
      ],
      dependsOn: props.dependsOn,
    }).resources;
  }
}

import { NetworkPolicyV1, type NetworkPolicyV1Spec } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { NAMESPACES, POD_IDENTITY_AGENT_CIDR, PORTS } from "../../config";
import { cidrs, dnsEgress, meshEgress, namespaceNamed, scrapingIngress, tcp } from "../kubernetes";

export interface TenantNetworkPoliciesProps {
  /** The tenant's namespace. */
  readonly namespace: string;
  /** Subnets that RDS Proxy's endpoints stand in. */
  readonly databaseSubnetCidrs: readonly string[];
  readonly dependsOn: ITerraformDependable[];
}

/**
 * What may reach the tenant's pods and what they may reach; all else is denied both ways. Namespaces are told by the
 * label that Kubernetes itself sets.
 *
 * @throws Error if the namespace is one of the platform's
 */
export class TenantNetworkPolicies extends Construct {
  /** For what must not run before the policies are in force. */
  public readonly resources: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TenantNetworkPoliciesProps) {
    super(scope, id);
    const platform: readonly string[] = Object.values(NAMESPACES);
    if (platform.includes(props.namespace)) {
      throw new Error(`${this.node.path}: "${props.namespace}" is a namespace of the platform, not of a tenant`);
    }
    const policy = (policyId: string, name: string, spec: Omit<NetworkPolicyV1Spec, "podSelector">): NetworkPolicyV1 =>
      new NetworkPolicyV1(this, policyId, {
        metadata: { name, namespace: props.namespace },
        spec: { podSelector: {}, ...spec },
        dependsOn: props.dependsOn,
      });

    this.resources = [
      policy("default-deny", "default-deny-all", { policyTypes: ["Ingress", "Egress"] }),
      policy("tenant", "allow-within-tenant", {
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [{ podSelector: {} }] }],
        egress: [{ to: [{ podSelector: {} }] }],
      }),
      policy("ingress", "allow-platform-ingress", {
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [namespaceNamed(NAMESPACES.istioIngress), namespaceNamed(NAMESPACES.sharedServices)],
            ports: tcp(PORTS.http),
          },
          scrapingIngress,
        ],
      }),
      policy("egress", "allow-platform-egress", {
        policyTypes: ["Egress"],
        egress: [
          dnsEgress,
          ...meshEgress,
          { to: cidrs(props.databaseSubnetCidrs), ports: tcp(PORTS.postgresql) },
          { to: cidrs([POD_IDENTITY_AGENT_CIDR]), ports: tcp(PORTS.podIdentity) },
        ],
      }),
    ];
  }
}

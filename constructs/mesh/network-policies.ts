import {
  NetworkPolicyV1,
  type NetworkPolicyV1SpecEgress,
  type NetworkPolicyV1SpecIngress,
} from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { dnsEgress, meshEgress, scrapingIngress } from "../kubernetes";

/** One policy of a namespace. Ports are numbers and equal on Service and pod, as the VPC CNI needs them. */
export interface PolicyRule {
  /** Name of the NetworkPolicy, and its construct id. */
  readonly name: string;
  /** Labels of the pods it is for. @default - every pod of the namespace */
  readonly pods?: Readonly<Record<string, string>>;
  readonly ingress?: NetworkPolicyV1SpecIngress[];
  readonly egress?: NetworkPolicyV1SpecEgress[];
}

export interface NamespacePoliciesProps {
  readonly namespace: string;
  /** What is allowed. All else is denied, both ways. */
  readonly rules: readonly PolicyRule[];
  readonly dependsOn: ITerraformDependable[];
}

/** What every meshed pod needs: names, its certificate and configuration, a place for traces; and to be measured. */
const MESH_RULE: PolicyRule = {
  name: "allow-mesh",
  ingress: [scrapingIngress],
  egress: [dnsEgress, ...meshEgress],
};

/** Default-deny both ways for a meshed namespace of the platform, what the mesh needs, and the rules given. */
export class NamespacePolicies extends Construct {
  /** For what must not run before the policies are in force. */
  public readonly resources: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NamespacePoliciesProps) {
    super(scope, id);
    const deny = new NetworkPolicyV1(this, "default-deny-all", {
      metadata: { name: "default-deny-all", namespace: props.namespace },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      dependsOn: props.dependsOn,
    });
    const allowed = [MESH_RULE, ...props.rules].map((rule) => this.allow(rule, props));
    this.resources = [deny, ...allowed];
  }

  private allow(rule: PolicyRule, props: NamespacePoliciesProps): NetworkPolicyV1 {
    return new NetworkPolicyV1(this, rule.name, {
      metadata: { name: rule.name, namespace: props.namespace },
      spec: {
        podSelector: rule.pods ? { matchLabels: rule.pods } : {},
        policyTypes: [...(rule.ingress ? ["Ingress"] : []), ...(rule.egress ? ["Egress"] : [])],
        ...(rule.ingress ? { ingress: rule.ingress } : {}),
        ...(rule.egress ? { egress: rule.egress } : {}),
      },
      dependsOn: props.dependsOn,
    });
  }
}

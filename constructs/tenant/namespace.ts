import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Construct } from "constructs";

import { LABELS } from "../../config";
import { namespaceName, type Tenant } from "../../tenancy";

export interface TenantNamespaceProps {
  readonly tenant: Tenant;
}

/**
 * The tenant's namespace: in the mesh, under Pod Security `restricted`, labelled for policies, metrics and alert routes.
 * Its labels are the isolation boundary; no tenant has an identity that could write them.
 */
export class TenantNamespace extends Construct {
  public readonly namespace: NamespaceV1;

  constructor(scope: Construct, id: string, props: TenantNamespaceProps) {
    super(scope, id);
    const { tenant } = props;
    this.namespace = new NamespaceV1(this, "Resource", {
      metadata: {
        name: namespaceName(tenant.id),
        labels: {
          [LABELS.tenant]: tenant.id,
          [LABELS.tier]: tenant.tier.name,
          [LABELS.state]: tenant.state,
          [LABELS.alerts]: tenant.tier.alerts,
          [LABELS.meshMember]: "enabled",
          "istio-injection": "enabled",
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/audit": "restricted",
          "pod-security.kubernetes.io/warn": "restricted",
        },
      },
      // Without it an apply returns while the namespace's objects are still being deleted, and a new one collides.
      timeouts: { delete: "10m" },
    });
  }
}

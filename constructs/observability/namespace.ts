import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Construct } from "constructs";

import { LABELS, NAMESPACES } from "../../config";

/**
 * The namespace of metrics, traces and dashboards.
 *
 * - Pod Security `restricted` is enforced. The node exporter, which needs the host's namespaces, lives in kube-system.
 * - istiod watches it, or no proxy would know the trace collector; but its pods have no sidecars. They must work when the
 *   mesh does not, and Prometheus scrapes by pod address, which a sidecar would not let through. Proxies see that the
 *   collector has no sidecar and send it plaintext; the NetworkPolicies say who may send at all.
 */
export class ObservabilityNamespace extends Construct {
  public readonly resource: NamespaceV1;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.resource = new NamespaceV1(this, "Resource", {
      metadata: {
        name: NAMESPACES.observability,
        labels: {
          [LABELS.meshMember]: "enabled",
          "istio-injection": "disabled",
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/audit": "restricted",
          "pod-security.kubernetes.io/warn": "restricted",
        },
      },
    });
  }
}

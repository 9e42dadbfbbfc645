import type { NetworkPolicyV1SpecEgress } from "@cdktf/provider-kubernetes/lib/network-policy-v1";

import { API_SERVICE_CIDR, LABELS } from "../../config";
import { cidrs, tcp } from "../kubernetes";

/** Namespaces, told by the label that Kubernetes itself sets. */
export const namespacesNamed = (...names: string[]) => ({
  namespaceSelector: { matchExpressions: [{ key: LABELS.namespaceName, operator: "In", values: names }] },
});

/** Pods by `app.kubernetes.io/name`, which each chart's Services select on: the VPC CNI wants no narrower selector. */
export const podsNamed = (name: string) => ({ podSelector: { matchLabels: { "app.kubernetes.io/name": name } } });

/**
 * The Kubernetes API by its Service and by the control plane's network interfaces in the cluster's subnets. The Service
 * has no selector: the VPC CNI, which judges egress before the address is translated, must be told the address.
 */
export const apiServerEgress = (subnetCidrs: readonly string[]): NetworkPolicyV1SpecEgress => ({
  to: cidrs([API_SERVICE_CIDR, ...subnetCidrs]),
  ports: tcp(443),
});

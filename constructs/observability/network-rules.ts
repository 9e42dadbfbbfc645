import type { NetworkPolicyV1SpecEgress } from "@cdktf/provider-kubernetes/lib/network-policy-v1";

import { API_SERVICE_CIDR, LABELS, POD_IDENTITY_AGENT_CIDR, PORTS } from "../../config";
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

/** EKS Pod Identity's agent, which gives a pod the credentials of its service account's role. */
export const podIdentityEgress: NetworkPolicyV1SpecEgress = {
  to: cidrs([POD_IDENTITY_AGENT_CIDR]),
  ports: tcp(PORTS.podIdentity),
};

/** Private, shared and link-local addresses (RFC 1918, 6598, 3927). */
const NOT_PUBLIC = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"];

/**
 * HTTPS to public addresses, for an API of AWS that has no endpoint in the VPC. Policies know no names, so this is every
 * public address; an endpoint costs $31 a month in three zones (CloudWatch's and SNS's $61 in all), for a few kilobytes.
 */
export const awsApiEgress: NetworkPolicyV1SpecEgress = {
  to: [{ ipBlock: { cidr: "0.0.0.0/0", except: NOT_PUBLIC } }],
  ports: tcp(443),
};

import type {
  NetworkPolicyV1SpecEgress,
  NetworkPolicyV1SpecEgressTo,
} from "@cdktf/provider-kubernetes/lib/network-policy-v1";

import { LABELS, NAMESPACES, PORTS } from "../../config";

/**
 * Peers and ports of NetworkPolicies, in words. Ports are numbers and equal on Service and pod, and no pod selector is
 * narrower than the Service's: the VPC CNI judges egress before a Service's address is translated.
 */
export const tcp = (...ports: number[]) => ports.map((port) => ({ port: String(port), protocol: "TCP" }));

/**
 * A namespace, told by the label that Kubernetes itself sets, so that no other can pose as it.
 *
 * @param pods - labels of the pods. @default - all of the namespace
 */
export const namespaceNamed = (name: string, pods?: Readonly<Record<string, string>>) => ({
  namespaceSelector: { matchLabels: { [LABELS.namespaceName]: name } },
  ...(pods ? { podSelector: { matchLabels: pods } } : {}),
});

export const cidrs = (blocks: readonly string[]): NetworkPolicyV1SpecEgressTo[] =>
  blocks.map((cidr) => ({ ipBlock: { cidr } }));

/** Name resolution by CoreDNS. */
export const dnsEgress: NetworkPolicyV1SpecEgress = {
  to: [namespaceNamed(NAMESPACES.kubeSystem, { "k8s-app": "kube-dns" })],
  ports: [{ port: String(PORTS.dns), protocol: "UDP" }, ...tcp(PORTS.dns)],
};

/** What every meshed pod needs besides names: its certificate and configuration, and a place for traces. */
export const meshEgress: NetworkPolicyV1SpecEgress[] = [
  { to: [namespaceNamed(NAMESPACES.istioSystem, { app: "istiod" })], ports: tcp(PORTS.istiodXds) },
  { to: [namespaceNamed(NAMESPACES.observability)], ports: tcp(PORTS.otlpGrpc) },
];

/** Prometheus at a meshed pod: the sidecar's merged metrics and Envoy's own, past the capture. */
export const scrapingIngress = {
  from: [namespaceNamed(NAMESPACES.observability)],
  ports: tcp(PORTS.sidecarMetrics, PORTS.envoyStats),
};

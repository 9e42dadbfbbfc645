import { exportManifests } from "../../../tools/manifests/export";
import { compareText } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { NAMESPACE_PREFIX } from "../../../tenancy";
import { inOrder } from "../subjects";

/** What of a tenant istiod and the controllers of endpoints read. */
export interface TenantObjects {
  readonly namespace: string;
  /** In the order to create them. */
  readonly objects: readonly KubernetesObject[];
  /** Never created: their pods are, and no controller shall make others. */
  readonly deployments: readonly KubernetesObject[];
}

/** All other kinds (policies of the network, quotas, autoscalers, dashboards) say nothing to istiod, and are left out. */
const KINDS = new Set([
  "Namespace",
  "ServiceAccount",
  "Service",
  "VirtualService",
  "DestinationRule",
  "AuthorizationPolicy",
]);

/** The tenants of an output, in the order of their namespaces' names. */
export function tenantsIn(outDir: string): readonly TenantObjects[] {
  const byNamespace = new Map<string, KubernetesObject[]>();
  for (const { object } of inOrder(exportManifests(outDir))) {
    const { kind, metadata } = object;
    const namespace = (kind === "Namespace" ? metadata.name : metadata.namespace) ?? "";
    if (namespace.startsWith(NAMESPACE_PREFIX)) {
      byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), object]);
    }
  }
  const sorted = [...byNamespace].sort(([left], [right]) => compareText(left, right));
  return sorted.map(([namespace, all]) => ({
    namespace,
    objects: all.filter(({ kind }) => KINDS.has(kind)),
    deployments: all.filter(({ kind }) => kind === "Deployment"),
  }));
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportManifests } from "../../../tools/manifests/export";
import { compareText } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { NAMESPACE_PREFIX, type TenantRow } from "../../../tenancy";
import { tenantsJson } from "../../support/fleet";
import { inOrder } from "../subjects";
import { synthesizeTenants } from "../synthesize";

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

/** Synthesizes the project for some tenants into a folder below another; gives the output's. */
export async function synthesizeFleet(folder: string, rows: readonly TenantRow[]): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const tenants = join(folder, "tenants.json");
  writeFileSync(tenants, tenantsJson(rows));
  const outDir = join(folder, "cdktf.out");
  await synthesizeTenants(tenants, outDir);
  return outDir;
}

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

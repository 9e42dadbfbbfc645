import { LABELS } from "../../config/kubernetes";
import { NAMESPACE_PREFIX, namespaceName } from "../../tenancy/names";
import { compareText, isObject, type Json } from "./json";
import type { ExportedManifest } from "./object";

/** The tenant that a map of labels or annotations names. */
function marked(map: Json | undefined): string | undefined {
  const value = isObject(map) ? map[LABELS.tenant] : undefined;
  return typeof value === "string" ? value : undefined;
}

function tenantNamespace({ object }: ExportedManifest): string | undefined {
  const namespace = object.kind === "Namespace" ? object.metadata.name : object.metadata.namespace;
  return typeof namespace === "string" && namespace.startsWith(NAMESPACE_PREFIX) ? namespace : undefined;
}

/**
 * True if the object says so itself, lives in the tenant's namespace (or is it), or was made inside the tenant's construct,
 * whose id begins the names of all its Terraform resources.
 */
export function belongsToTenant(manifest: ExportedManifest, tenant: string): boolean {
  const { labels, annotations } = manifest.object.metadata;
  if (marked(labels) === tenant || marked(annotations) === tenant) {
    return true;
  }
  if (tenantNamespace(manifest) === namespaceName(tenant)) {
    return true;
  }
  const name = manifest.address.slice(manifest.address.indexOf(".") + 1);
  return name.startsWith(`${tenant}_`) || name.startsWith(`${namespaceName(tenant)}_`);
}

/** The tenants that the objects tell of, in order. */
export function tenantsOf(manifests: readonly ExportedManifest[]): readonly string[] {
  const ids = new Set<string>();
  for (const manifest of manifests) {
    const { labels, annotations } = manifest.object.metadata;
    const id = marked(labels) ?? marked(annotations) ?? tenantNamespace(manifest)?.slice(NAMESPACE_PREFIX.length);
    if (id !== undefined) {
      ids.add(id);
    }
  }
  return [...ids].sort(compareText);
}

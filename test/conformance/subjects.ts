import { LABELS } from "../../config/kubernetes";
import { exportManifests } from "../../tools/manifests/export";
import { compareText } from "../../tools/manifests/json";
import type { ExportedManifest, KubernetesObject } from "../../tools/manifests/object";
import { belongsToTenant, tenantsOf } from "../../tools/manifests/tenants";

/** The platform, or one tenant: what a group of tests is about. */
export interface Subject {
  readonly title: string;
  /**
   * Its namespace.
   * @default - the platform has many
   */
  readonly namespace?: string;
  /** Its objects, in the order to create them. */
  readonly manifests: readonly ExportedManifest[];
}

/** What must exist before the rest: policies judge, and a ResourceQuota counts objects, only from when they are there. */
const FIRST_KINDS = [
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "Namespace",
  "CustomResourceDefinition",
  "PriorityClass",
  "ResourceQuota",
  "LimitRange",
  "ServiceAccount",
];

function rank({ object }: ExportedManifest): number {
  const index = FIRST_KINDS.indexOf(object.kind);
  return index === -1 ? FIRST_KINDS.length : index;
}

/** The same objects in the order to create them. */
export function inOrder(manifests: readonly ExportedManifest[]): readonly ExportedManifest[] {
  return [...manifests].sort((left, right) => rank(left) - rank(right));
}

/** `kind namespace/name` of an object. */
export function nameOf({ kind, metadata }: KubernetesObject): string {
  const { namespace, name } = metadata;
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name ?? metadata.generateName ?? "?"}`;
}

/** The Namespace that is a tenant's own. */
function namespaceOf(manifests: readonly ExportedManifest[]): KubernetesObject | undefined {
  return manifests.map(({ object }) => object).find(({ kind }) => kind === "Namespace");
}

/** Every tenant that has a namespace, with its objects. */
function tenantObjects(all: readonly ExportedManifest[]): ReadonlyMap<string, readonly ExportedManifest[]> {
  const objects = tenantsOf(all).map((id) => [id, all.filter((manifest) => belongsToTenant(manifest, id))] as const);
  return new Map(objects.filter(([, manifests]) => namespaceOf(manifests) !== undefined));
}

/** All objects that are in none of the tenants' groups. */
export function platformOf(all: readonly ExportedManifest[]): Subject {
  const tenants = new Set([...tenantObjects(all).values()].flat());
  return { title: "the platform", manifests: inOrder(all.filter((manifest) => !tenants.has(manifest))) };
}

/**
 * One tenant for each tier, state and set of kinds that occurs: a tenant that is suspended, or has a canary, has other objects
 * than the rest of its tier.
 */
export function tenantKindsOf(all: readonly ExportedManifest[]): readonly Subject[] {
  const subjects = new Map<string, Subject>();
  for (const [tenant, manifests] of tenantObjects(all)) {
    const { name, labels = {} } = namespaceOf(manifests)?.metadata ?? {};
    const group = [labels[LABELS.tier], labels[LABELS.state]].map((label) => String(label ?? "none")).join(", ");
    const kinds = manifests.map(({ object }) => object.kind).sort(compareText);
    const key = [group, ...kinds].join(" ");
    if (subjects.has(key) || name === undefined) {
      continue;
    }
    subjects.set(key, { title: `tenant ${tenant} (${group})`, namespace: name, manifests: inOrder(manifests) });
  }
  return [...subjects.values()];
}

/** Every subject of a synthesized output. */
export function subjectsOf(outDir: string): readonly Subject[] {
  const all = exportManifests(outDir);
  return [platformOf(all), ...tenantKindsOf(all)];
}

import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { compareText, isObject, type Json } from "./json";
import type { ExportedManifest, KubernetesObject } from "./object";
import { ManifestsError } from "./output";
import { belongsToTenant, tenantsOf } from "./tenants";

const KUSTOMIZATION = "kustomization.yaml";

/** Folders under the root, all that it holds. */
const PLATFORM = "platform";
const TENANTS = "tenants";

/** Kinds that start pods. */
const WORKLOADS: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"]);

/**
 * Argo CD applies kinds that it does not know last, AuthorizationPolicies among them, and no pod may start before what holds it.
 * It ends a wave before it begins the next; without the annotation an object is in wave 0.
 */
const SYNC_WAVE = { "argocd.argoproj.io/sync-wave": "1" };

/** Whole documents, never shortened, each value in full: the same objects give the same text. */
export function yamlOf(value: object): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

/**
 * The files of a folder that Argo CD or Flux can take, by path: `platform/<stack>/` and `tenants/<id>/`, a file an object, and in
 * every folder a kustomization that names what is in it, namespaces first.
 *
 * @throws ManifestsError if there is a Secret among the objects, or two of one name
 */
export function folderOf(manifests: readonly ExportedManifest[]): ReadonlyMap<string, string> {
  const tenants = tenantsOf(manifests);
  const files = new Map<string, string>();
  const entries = new Map<string, string[]>();
  const list = (folder: string, entry: string): void => {
    entries.set(folder, [...(entries.get(folder) ?? []), entry]);
  };
  for (const manifest of manifests) {
    const tenant = tenants.find((id) => belongsToTenant(manifest, id));
    const [root, name] = tenant === undefined ? [PLATFORM, manifest.stack] : [TENANTS, tenant];
    const file = fileName(manifest.object);
    const path = `${root}/${name}/${file}`;
    if (files.has(path)) {
      throw new ManifestsError(`${path}: two objects; the second is ${manifest.stack}: ${manifest.address}`);
    }
    files.set(path, textOf(manifest));
    list(`${root}/${name}`, file);
    if (!entries.get(root)?.includes(name)) {
      list(root, name);
    }
  }
  for (const [folder, resources] of entries) {
    const kustomization = {
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: resources.sort(namespacesFirst),
    };
    files.set(`${folder}/${KUSTOMIZATION}`, yamlOf(kustomization));
  }
  return files;
}

/**
 * Writes the files in place of those that an earlier call wrote.
 *
 * @throws ManifestsError if a folder in the way was not written here
 */
export function writeFolder(folder: string, files: ReadonlyMap<string, string>): void {
  const roots = [PLATFORM, TENANTS].map((root) => join(folder, root));
  for (const root of roots) {
    if (existsSync(root) && !existsSync(join(root, KUSTOMIZATION))) {
      throw new ManifestsError(
        `${root} is in the way: it has no ${KUSTOMIZATION}, so that this command did not write it`,
      );
    }
  }
  for (const root of roots) {
    rmSync(root, { recursive: true, force: true });
  }
  for (const [path, text] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** `<kind>_<namespace>_<name>.yaml`; neither kinds nor namespaces have an underscore. */
function fileName({ kind, metadata }: KubernetesObject): string {
  const { namespace, name } = metadata;
  const parts = [kind.toLowerCase(), ...(namespace === undefined ? [] : [namespace]), name ?? ""];
  return `${parts.join("_")}.yaml`;
}

function textOf({ stack, address, object, autoscaled }: ExportedManifest): string {
  if (object.kind === "Secret") {
    throw new ManifestsError(`${stack}: ${address}: a Secret has no place in a repository`);
  }
  const { metadata } = object;
  const placed = WORKLOADS.has(object.kind)
    ? { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, ...SYNC_WAVE } } }
    : object;
  return `# ${stack}: ${address}\n${yamlOf(autoscaled ? { ...placed, spec: withoutReplicas(object["spec"]) } : placed)}`;
}

/** Stated, each synchronization would take back what the autoscaler has done. */
function withoutReplicas(spec: Json | undefined): Json {
  return Object.fromEntries(Object.entries(isObject(spec) ? spec : {}).filter(([key]) => key !== "replicas"));
}

function namespacesFirst(left: string, right: string): number {
  const rank = (name: string): number => (name.startsWith("namespace_") ? 0 : 1);
  return rank(left) - rank(right) || compareText(left, right);
}

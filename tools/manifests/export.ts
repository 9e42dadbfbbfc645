import { parse } from "yaml";
import { didYouMean } from "../../tenancy/nearest";
import { type AppliedValues, Expressions } from "./expressions";
import { compareText, isArray, isObject, type Json, type JsonObject } from "./json";
import { CLUSTER_SCOPED, KINDS, PARTIAL, type Kind } from "./kinds";
import type { ExportedManifest, KubernetesObject } from "./object";
import {
  ManifestsError,
  readStacks,
  type Region,
  resourcesOf,
  stacksIn,
  type SynthesizedStack,
  type TerraformResource,
} from "./output";
import { block, convert } from "./shapes";
import { belongsToTenant, tenantsOf } from "./tenants";

/** What to export. */
export interface ExportOptions {
  /**
   * Only what belongs to this tenant.
   * @default - every object
   */
  readonly tenant?: string;
  /**
   * Only what this stack holds.
   * @default - all stacks
   */
  readonly stack?: string;
  /**
   * Only what stands in this region.
   * @default - both
   */
  readonly region?: Region;
  /**
   * What exists only after an apply. Where it is given, it must hold all that the objects need.
   * @default - a placeholder stands for each
   */
  readonly values?: AppliedValues;
}

/**
 * The Kubernetes objects that a synthesized app will create, read from Terraform JSON alone. Values that exist only after
 * an apply are replaced by fixed placeholders, so equal inputs give equal output.
 */
export function exportManifests(outDir: string, options: ExportOptions = {}): readonly ExportedManifest[] {
  return exportStacks(readStacks(outDir), options);
}

/** The same of stacks that are read already. */
export function exportStacks(
  synthesized: readonly SynthesizedStack[],
  options: ExportOptions = {},
): readonly ExportedManifest[] {
  const stacks = options.region === undefined ? synthesized : stacksIn(options.region, synthesized);
  if (options.stack !== undefined && !stacks.some((stack) => stack.name === options.stack)) {
    throw new ManifestsError(`no stack "${options.stack}"; there are: ${stacks.map((stack) => stack.name).join(", ")}`);
  }
  const expressions = new Expressions(stacks, options.values);
  const all = stacks.flatMap((stack) => exportStack(stack, expressions)).sort(compareManifests);
  if (options.values !== undefined && expressions.unknown.size > 0) {
    const missing = [...expressions.unknown].sort(compareText).map((reference) => `  ${reference}`);
    throw new ManifestsError(`known only after an apply, and not among the values:\n${missing.join("\n")}`);
  }
  const { tenant } = options;
  const selected = tenant === undefined ? all : selectTenant(all, tenant);
  return options.stack === undefined ? selected : selected.filter((manifest) => manifest.stack === options.stack);
}

function selectTenant(all: readonly ExportedManifest[], tenant: string): readonly ExportedManifest[] {
  const selected = all.filter((manifest) => belongsToTenant(manifest, tenant));
  if (selected.length > 0) {
    return selected;
  }
  throw new ManifestsError(`no object of a tenant "${tenant}"${didYouMean(tenant, tenantsOf(all))}`);
}

function exportStack(stack: SynthesizedStack, expressions: Expressions): readonly ExportedManifest[] {
  return resourcesOf(stack.document).flatMap((resource) => {
    const address = `${resource.type}.${resource.name}`;
    const owned = isAutoscaled(resource.body) ? ({ autoscaled: true } as const) : {};
    return objectsOf(stack.name, resource, expressions).map((object) => ({
      stack: stack.name,
      address,
      object,
      ...owned,
    }));
  });
}

function isAutoscaled(body: JsonObject): boolean {
  const { lifecycle } = body;
  const ignored = isObject(lifecycle) ? lifecycle["ignore_changes"] : undefined;
  return isArray(ignored) && ignored.includes("spec[0].replicas");
}

function objectsOf(stack: string, resource: TerraformResource, expressions: Expressions): readonly KubernetesObject[] {
  const { type } = resource;
  const address = `${stack}: ${type}.${resource.name}`;
  const resolve = (value: Json | undefined): Json => (value === undefined ? null : expressions.resolve(stack, value));
  if (type === "helm_release") {
    return releaseObjects(resource.body, resolve, address);
  }
  // What a write-only argument writes is in no output: Terraform alone can make such an object.
  if (!type.startsWith("kubernetes_") || PARTIAL.has(type) || resource.body["data_wo"] !== undefined) {
    return [];
  }
  if (type === "kubernetes_manifest") {
    return [asObject(resolve(resource.body["manifest"]), `${address}.manifest`)];
  }
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (kind === undefined) {
    throw new ManifestsError(`${address}: no rule converts ${type}; add it to tools/manifests/kinds.ts`);
  }
  return [typedObject(kind, resolve(resource.body), address)];
}

function typedObject(kind: Kind, body: Json, address: string): KubernetesObject {
  const converted = convert(block(kind.fields, kind.defaults), body, address);
  const fields = isObject(converted) ? converted : {};
  const metadata = isObject(fields["metadata"]) ? fields["metadata"] : {};
  const placed = kind.namespaced ? { namespace: "default", ...metadata } : metadata;
  return asObject({ apiVersion: kind.apiVersion, kind: kind.kind, ...fields, metadata: placed }, address);
}

/** A release of the local chart, which prints the objects of its `manifests` value; a chart of a repository is Helm's business. */
function releaseObjects(
  body: JsonObject,
  resolve: (value: Json | undefined) => Json,
  address: string,
): readonly KubernetesObject[] {
  if (body["repository"] !== undefined) {
    return [];
  }
  const values = resolve(body["values"]);
  const namespace = resolve(body["namespace"]);
  // Later values win, and Helm replaces lists whole.
  const manifests = (isArray(values) ? values : [])
    .map((text) => (typeof text === "string" ? parseValues(text, address) : text))
    .map((value) => (isObject(value) ? value["manifests"] : undefined))
    .filter(isArray)
    .at(-1);
  return (manifests ?? []).map((manifest, index) => {
    const object = asObject(manifest, `${address}.manifests[${index}]`);
    if (CLUSTER_SCOPED.has(object.kind) || typeof namespace !== "string") {
      return object;
    }
    return { ...object, metadata: { namespace, ...object.metadata } };
  });
}

function parseValues(text: string, address: string): Json {
  try {
    return parse(text) as Json;
  } catch (error) {
    throw new ManifestsError(`${address}.values: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function asObject(value: Json, path: string): KubernetesObject {
  if (isObject(value)) {
    const { apiVersion, kind, metadata } = value;
    if (typeof apiVersion === "string" && typeof kind === "string" && isObject(metadata)) {
      return { ...value, apiVersion, kind, metadata };
    }
  }
  throw new ManifestsError(`${path}: expected a Kubernetes object with apiVersion, kind and metadata`);
}

function compareManifests(left: ExportedManifest, right: ExportedManifest): number {
  const key = (manifest: ExportedManifest): readonly string[] => [
    manifest.stack,
    manifest.address,
    manifest.object.kind,
    manifest.object.metadata.namespace ?? "",
    manifest.object.metadata.name ?? "",
  ];
  const rightKey = key(right);
  for (const [index, part] of key(left).entries()) {
    const order = compareText(part, rightKey[index] ?? "");
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

import { LABELS } from "../../../../config";
import type { KubernetesObject } from "../../../../tools/manifests/object";
import { isArray, isObject, type Json, type JsonObject } from "../../../../tools/manifests/json";

/** One service of a tenant. */
export interface Workload {
  readonly name: string;
  readonly replicas: number;
  /** Of its autoscaler; without one, `replicas`. */
  readonly maxReplicas: number;
  /** Of one pod of it, by the quota's resource (`requests.cpu`, …), sidecar included; cores and bytes. */
  readonly takes: Readonly<Record<string, number>>;
}

/** One tenant, as its namespace is synthesized. */
export interface FleetTenant {
  readonly id: string;
  readonly namespace: string;
  /** Labels of the namespace. */
  readonly labels: Readonly<Record<string, string>>;
  /** The ResourceQuota, by resource; cores, bytes and counts. */
  readonly quota: Readonly<Record<string, number>>;
  readonly workloads: readonly Workload[];
}

const SUFFIXES: Readonly<Record<string, number>> = { m: 1e-3, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** A Kubernetes quantity as a number: cores, bytes or a count. */
export function quantity(text: Json | undefined): number {
  const [, digits = "", suffix = ""] = /^([\d.]+)(m|Ki|Mi|Gi|Ti)?$/.exec(String(text)) ?? [];
  if (digits === "") {
    throw new Error(`"${String(text)}" is no quantity of Kubernetes`);
  }
  return Number(digits) * (SUFFIXES[suffix] ?? 1);
}

/** The tenants of what was synthesized, in the order of their namespaces. */
export function fleetOf(objects: readonly KubernetesObject[]): readonly FleetTenant[] {
  const byNamespace = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const { namespace } = object.metadata;
    if (namespace !== undefined) {
      byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), object]);
    }
  }
  return objects
    .filter(({ kind, metadata }) => kind === "Namespace" && metadata.labels?.[LABELS.tenant] !== undefined)
    .map((namespace) => tenantOf(namespace, byNamespace.get(namespace.metadata.name ?? "") ?? []));
}

function tenantOf({ metadata }: KubernetesObject, objects: readonly KubernetesObject[]): FleetTenant {
  const labels = metadata.labels as Readonly<Record<string, string>>;
  const ofKind = (kind: string): readonly KubernetesObject[] => objects.filter((object) => object.kind === kind);
  const [quota] = ofKind("ResourceQuota");
  const maxima = new Map(
    ofKind("HorizontalPodAutoscaler").map((object) => [target(object), count(object, "maxReplicas")]),
  );
  return {
    id: labels[LABELS.tenant] ?? "",
    namespace: metadata.name ?? "",
    labels,
    quota: quantities(at(quota, "spec", "hard")),
    workloads: ofKind("Deployment").map((object) => {
      const name = object.metadata.name ?? "";
      const replicas = count(object, "replicas");
      return { name, replicas, maxReplicas: maxima.get(name) ?? replicas, takes: takesOf(object) };
    }),
  };
}

/** A nested object; empty where there is none. */
function at(value: Json | undefined, ...path: readonly string[]): JsonObject {
  const found = path.reduce<Json | undefined>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
  return isObject(found) ? found : {};
}

function target(autoscaler: KubernetesObject): string {
  return String(at(autoscaler, "spec", "scaleTargetRef")["name"]);
}

function count(object: KubernetesObject, field: string): number {
  return Number(at(object, "spec")[field] ?? 1);
}

function quantities(map: JsonObject): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, quantity(value)]));
}

/** What a pod counts for in the quota: its containers, and the sidecar that istiod adds by the pod's annotations. */
function takesOf(deployment: KubernetesObject): Readonly<Record<string, number>> {
  const containers = at(deployment, "spec", "template", "spec")["containers"];
  const annotations = at(deployment, "spec", "template", "metadata", "annotations");
  const sum = (list: "requests" | "limits", resource: "cpu" | "memory"): number =>
    (isArray(containers) ? containers : [])
      .map((container) => quantity(at(container, "resources", list)[resource] ?? "0"))
      .reduce((left, right) => left + right, 0);
  const sidecar = (name: string): number => quantity(annotations[`sidecar.istio.io/${name}`] ?? "0");
  return {
    "requests.cpu": sum("requests", "cpu") + sidecar("proxyCPU"),
    "requests.memory": sum("requests", "memory") + sidecar("proxyMemory"),
    "limits.cpu": sum("limits", "cpu") + sidecar("proxyCPULimit"),
    "limits.memory": sum("limits", "memory") + sidecar("proxyMemoryLimit"),
    pods: 1,
  };
}

import type { JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { objectAt } from "../json";

/** What a container is given, as it is written. */
export interface Shipped {
  readonly requests: string;
  /** "none" where nothing is written. */
  readonly limits: string;
}

/** Of a chart's values, what its container is given of a resource. */
export function shippedIn(values: JsonObject, resource: "cpu" | "memory"): Shipped {
  const resources = objectAt(values, "resources");
  const at = (key: string): string => {
    const quantity = objectAt(resources, key)[resource];
    return typeof quantity === "string" ? quantity : "none";
  };
  return { requests: at("requests"), limits: at("limits") };
}

/** Memory of the sidecar that a Deployment's pods are injected with. */
export function sidecarMemory(deployment: KubernetesObject): Shipped {
  const template = objectAt(deployment, "spec", "template");
  const annotations = objectAt(template, "metadata", "annotations");
  return {
    requests: String(annotations["sidecar.istio.io/proxyMemory"]),
    limits: String(annotations["sidecar.istio.io/proxyMemoryLimit"]),
  };
}

/** In a cell of the page. */
export function describeShipped({ requests, limits }: Shipped): string {
  return `${requests}, ${limits}`;
}

const MIB: Readonly<Record<string, number>> = { Mi: 1, Gi: 1_024 };

/** MiB of a quantity of memory such as `512Mi`. */
export function mebibytes(quantity: string): number {
  const [, amount, unit = ""] = /^(\d+)(Mi|Gi)$/.exec(quantity) ?? [];
  const factor = MIB[unit];
  if (factor === undefined) {
    throw new Error(`memory of ${quantity}; understood: Mi and Gi`);
  }
  return Number(amount) * factor;
}

/** Cores of a quantity of CPU such as `500m`. */
export function cores(quantity: string): number {
  const [, amount] = /^(\d+)m$/.exec(quantity) ?? [];
  if (amount === undefined) {
    throw new Error(`CPU of ${quantity}; understood: m`);
  }
  return Number(amount) / 1_000;
}

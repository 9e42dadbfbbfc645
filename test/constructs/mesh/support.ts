import type { KubernetesObject } from "../../../constructs/kubernetes";
import { type ResourceJson, resourcesOf, type StackJson } from "../../support/synth";

// Helm values and Kubernetes objects have no static type here; tests state what they expect of them.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

/**
 * A Helm release by name.
 *
 * @throws Error if there is none; the message lists those that are
 */
export function releaseOf(json: StackJson, name: string): ResourceJson {
  const releases = Object.values(resourcesOf(json, "helm_release"));
  const found = releases.find((release) => release["name"] === name);
  if (!found) {
    throw new Error(`no release ${name} among ${releases.map((release) => String(release["name"])).join(", ")}`);
  }
  return found;
}

/** Values of a Helm release. */
export function valuesOf(json: StackJson, name: string): Json {
  return JSON.parse((releaseOf(json, name)["values"] as string[])[0] ?? "");
}

/** Objects of all local charts. */
export function manifestsOf(json: StackJson): KubernetesObject[] {
  return Object.values(resourcesOf(json, "helm_release")).flatMap((release) => {
    const values = JSON.parse((release["values"] as string[])[0] ?? "{}") as { manifests?: KubernetesObject[] };
    return values.manifests ?? [];
  });
}

/**
 * `spec` of the only object of a kind, or of the one with the name.
 *
 * @throws Error if there is not exactly one
 */
export function specOf(json: StackJson, kind: string, name?: string): Json {
  const found = manifestsOf(json).filter(
    (object) => object.kind === kind && (name === undefined || object.metadata.name === name),
  );
  if (found.length !== 1 || !found[0]) {
    throw new Error(`expected one ${kind} ${name ?? ""}, found ${found.length}`);
  }
  return found[0].spec;
}

/** `spec` of the NetworkPolicy of a name. */
export function policyOf(json: StackJson, name: string): Json {
  const found = Object.values(resourcesOf(json, "kubernetes_network_policy_v1")).find(
    (policy) => policy["metadata"].name === name,
  );
  if (!found) {
    throw new Error(`no NetworkPolicy ${name}`);
  }
  return found["spec"];
}

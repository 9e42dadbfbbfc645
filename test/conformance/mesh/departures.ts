import { join } from "node:path";
import { isArray, isObject, type Json, type JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";

/**
 * What of the synthesized mesh is not put before the engines, each with its reason. All else is taken as it stands.
 *
 * Envoy from PyPI has no `istio.stats` filter, which Istio's Prometheus provider puts into every listener: the provider and
 * the Telemetry that sets it up go. Envoy's own statistics stay.
 */
export function withoutIstioStats(object: KubernetesObject): KubernetesObject {
  if (object.kind !== "Telemetry" || !isObject(object["spec"])) {
    return object;
  }
  const spec = without(object["spec"], "metrics");
  return { ...object, spec };
}

/** The same for `meshConfig`. Traces have no collector to go to here. */
export function meshConfigWithoutProviders(meshConfig: JsonObject): JsonObject {
  return { ...without(meshConfig, "defaultProviders"), defaultProviders: {} };
}

/**
 * Settings of the rate limit service: the store's address is known after an apply alone, and its certificate comes from an
 * authority that every system trusts. The container's paths lie below the pod's folder, for there is no container.
 */
export function rateLimitEnvironment(
  synthesized: Readonly<Record<string, string>>,
  folder: string,
  store: { readonly address: string; readonly authority: string },
): Readonly<Record<string, string>> {
  return {
    ...synthesized,
    RUNTIME_ROOT: join(folder, synthesized["RUNTIME_ROOT"] ?? ""),
    REDIS_URL: store.address,
    SSL_CERT_FILE: store.authority,
  };
}

function without(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key)) as JsonObject;
}

/** The first value of a Helm release of a stack that bears this name, as the chart gets it. */
export function releaseValues(stack: JsonObject, name: string): JsonObject {
  const resources = isObject(stack["resource"]) ? stack["resource"] : {};
  const releases = isObject(resources["helm_release"]) ? Object.values(resources["helm_release"]) : [];
  const release = releases.filter(isObject).find((candidate) => candidate["name"] === name);
  const values: Json | undefined = isArray(release?.["values"]) ? release["values"][0] : undefined;
  if (typeof values !== "string") {
    throw new Error(`no Helm release ${name} with values`);
  }
  return JSON.parse(values) as JsonObject;
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isArray, isObject, type JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { run } from "./hosts";
import type { World } from "./world";

/** API groups that istiod's webhook is asked about (its ValidatingWebhookConfiguration in the chart). */
const GROUPS = ["security.istio.io", "networking.istio.io", "telemetry.istio.io", "extensions.istio.io"];

/** Whether istiod's webhook is asked about an object. */
export function isReviewed({ apiVersion }: KubernetesObject): boolean {
  return GROUPS.includes(apiVersion.split("/")[0] ?? "");
}

/** What istiod's webhook says. */
export interface Review {
  readonly allowed: boolean;
  readonly message: string;
  readonly warnings: readonly string[];
}

/** Puts an object before istiod's webhook, as the API server would. */
export async function review(world: World, object: KubernetesObject): Promise<Review> {
  const { apiVersion, kind, metadata } = object;
  const [group = "", version = ""] = apiVersion.split("/");
  const request = {
    uid: "1",
    operation: "CREATE",
    kind: { group, version, kind },
    namespace: metadata.namespace ?? "",
    object,
  };
  const file = join(world.cluster.folder, "review.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request }));
  const curl = ["curl", "-sk", "-m", "5", "-H", "Content-Type: application/json", "--data-binary", `@${file}`];
  const { stdout } = await run(world.cluster.istiodHost, [...curl, "https://127.0.0.1:15017/validate"]);
  const response = (JSON.parse(stdout) as { response: JsonObject }).response;
  const status = isObject(response["status"]) ? response["status"] : {};
  const warnings = isArray(response["warnings"]) ? response["warnings"].map(String) : [];
  return { allowed: response["allowed"] === true, message: String(status["message"] ?? ""), warnings };
}

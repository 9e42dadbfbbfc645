import { isArray, isObject, type Json, type JsonObject } from "../manifests/json";

/** Arguments that name a resource where it lives, and whose change makes it anew; the first that is there counts. */
const NAMING = ["name", "bucket", "function_name", "identifier", "service_account"] as const;

/**
 * What a resource is called where it lives: two addresses of one name are the same thing, destroyed by one and made by the
 * other. Undefined where the name is known only after an apply.
 */
export function identityOf(type: string, body: Json): string | undefined {
  if (!isObject(body)) {
    return undefined;
  }
  if (type === "kubernetes_manifest") {
    const manifest = body["manifest"];
    return isObject(manifest) ? kubernetesName(String(manifest["kind"]), manifest) : undefined;
  }
  if (type.startsWith("kubernetes_")) {
    return kubernetesName(type, body);
  }
  const name = NAMING.map((key) => body[key]).find((value) => value !== undefined);
  return literal(name) === undefined
    ? undefined
    : [type, literal(body["namespace"]), literal(name)].filter((part) => part !== undefined).join(" ");
}

function kubernetesName(kind: string, { metadata }: JsonObject): string | undefined {
  const block = isArray(metadata) ? metadata[0] : metadata;
  const name = isObject(block) ? literal(block["name"]) : undefined;
  const namespace = isObject(block) ? literal(block["namespace"]) : undefined;
  return name === undefined ? undefined : [kind, namespace, name].filter((part) => part !== undefined).join(" ");
}

function literal(value: Json | undefined): string | undefined {
  return typeof value === "string" && !value.includes("${") ? value : undefined;
}

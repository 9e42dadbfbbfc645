import { API_GATEWAY } from "../config";

/** Ids that no tenant may have, each with what it would be mistaken for. */
const RESERVED_IDS: ReadonlyMap<string, string> = new Map([
  ["system", "the platform's own node pool and namespaces"],
  ["shared", "the database schema of all tenants"],
  ["istio", "the service mesh"],
  ["provisioner", "the database role tenant_provisioner"],
  ["default", "Kubernetes' default namespace and service accounts"],
  [API_GATEWAY.hostLabel, "the platform's own host"],
  ["www", "the public web site's host"],
  ["admin", "the operators' host"],
  ["status", "the status page's host"],
  ["auth", "the sign-in host"],
  ["region", "the hosts of single regions"],
]);

/** First parts of ids that no tenant may have. */
const RESERVED_PREFIXES: ReadonlyMap<string, string> = new Map([
  ["kube-", "Kubernetes' own namespaces"],
  ["istio-", "the service mesh's namespaces"],
]);

/** What a reserved id is kept for, or undefined where the id is free. */
export function reservedFor(id: string): string | undefined {
  const exact = RESERVED_IDS.get(id);
  if (exact !== undefined) {
    return exact;
  }
  return [...RESERVED_PREFIXES].find(([prefix]) => id.startsWith(prefix))?.[1];
}

/** For messages: every reserved id and prefix. */
export const RESERVED_WORDS: readonly string[] = [
  ...RESERVED_IDS.keys(),
  ...[...RESERVED_PREFIXES.keys()].map((prefix) => `${prefix}…`),
];

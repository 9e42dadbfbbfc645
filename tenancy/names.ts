import { createHash } from "node:crypto";

/**
 * Names of everything that bears a tenant's id, and nothing else names such a thing. All are functions of the id alone:
 * two different ids never share a name, and no name outgrows its limit while the id keeps to its own (MAX_ID_LENGTH).
 */

/** Shortest and longest tenant id. 40 leaves room for every prefix below within its limit. */
export const MIN_ID_LENGTH = 3;
export const MAX_ID_LENGTH = 40;

/** Limits of the systems that take the names. */
export const NAME_LIMITS = {
  /** Kubernetes: a namespace is a DNS label (RFC 1123). */
  namespace: 63,
  /** PostgreSQL: NAMEDATALEN - 1; longer identifiers are cut in silence. */
  postgresql: 63,
  /** AWS: IAM role name. */
  iamRole: 64,
  /** DNS: one label, and a whole name without its final dot. */
  hostLabel: 63,
  host: 253,
  /** Grafana: uid of a dashboard. */
  grafanaUid: 40,
} as const;

/** Prefix of every tenant's namespace. */
export const NAMESPACE_PREFIX = "tenant-";

export function namespaceName(id: string): string {
  return `${NAMESPACE_PREFIX}${id}`;
}

/** Login role in PostgreSQL, and the user that RDS Proxy is asked for. */
export function databaseRole(id: string): string {
  return `tenant_${id.replaceAll("-", "_")}`;
}

/** Schema in PostgreSQL; bears the role's name, so that the default `search_path` finds it. */
export function databaseSchema(id: string): string {
  return databaseRole(id);
}

export function hostName(id: string, domain: string): string {
  return `${id}.${domain}`;
}

export function iamRoleName(id: string): string {
  return `taskflow-tenant-${id}`;
}

/** ConfigMap of the tenant's dashboard. */
export function dashboardName(id: string): string {
  return `tenant-${id}`;
}

/** The dashboard's uid in Grafana, and so its address: `tenant-<id>`; an id too long for that ends in a hash of the whole. */
export function dashboardUid(id: string): string {
  const uid = dashboardName(id);
  if (uid.length <= NAME_LIMITS.grafanaUid) {
    return uid;
  }
  const hash = createHash("sha256").update(id).digest("hex").slice(0, 8);
  return `${uid.slice(0, NAME_LIMITS.grafanaUid - hash.length - 1)}-${hash}`;
}

/** First part of the names of all stacks of the secondary region. */
export const SECONDARY_STACK_PREFIX = "dr-";

/** Stack of a shard. Two digits at least, so that a listing is in order; more shards never rename one. */
export function shardStackName(shard: number): string {
  return `tenants-${String(shard).padStart(2, "0")}`;
}

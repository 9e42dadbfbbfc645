import { FLAGGER_ROLLOUT, LABELS } from "../../config/kubernetes";
import { NAMESPACE_PREFIX } from "../../tenancy/names";
import { type AddressRange, type AddressBlock, touches } from "./addresses";
import { type Endpoint, isExternal } from "./endpoint";

/** Address ranges that the expectations speak of. */
export const ADDRESSES = [
  "load balancer subnets",
  /** Nodes, and every pod on them. */
  "node subnets",
  /** The second region's, seen from the primary, and the other way; none where there is one region. */
  "other region's node subnets",
  "database subnets",
  "Pod Identity agent",
  "Kubernetes API",
  "Internet",
] as const;
export type Addresses = (typeof ADDRESSES)[number];

/** Whom an expectation is about. */
export type Party =
  | "tenants"
  /** Tenants' pods whose service Flagger rolls out. */
  | "tenants' pods under Flagger"
  /** The same of tenants that are suspended: none of them runs. */
  | "tenants' stopped pods under Flagger"
  /** Pods of the same tenant. */
  | "own tenant"
  | "any pod"
  /** All pods of a namespace, or one workload of it. */
  | `${string}/${string}`
  | Addresses;

/** Where each of the named address ranges is. */
export type AddressBook = Readonly<Record<Addresses, readonly AddressRange[]>>;

/** Name of the pod that stands for all pods of a namespace that nobody thought of. */
export const ANY_POD = "any pod";

/** Name of a pod that is in the mesh although its namespace is not; it is heard as a caller alone. */
export const ANY_MESHED_POD = "any pod with a sidecar";

/** Whether the endpoint is such a caller. */
export function isMeshedStranger({ name }: Endpoint): boolean {
  return name.endsWith(`/${ANY_MESHED_POD}`);
}

/** `namespace/name`. */
export function shortName({ name }: Endpoint): string {
  return name.replace(/\[.*\]$/, "");
}

export function isTenantNamespace(namespace: string): boolean {
  return namespace.startsWith(NAMESPACE_PREFIX);
}

/** The tenant's id, or undefined for everybody else. */
export function tenantOf(endpoint: Endpoint): string | undefined {
  return isExternal(endpoint) || !isTenantNamespace(endpoint.namespace)
    ? undefined
    : endpoint.namespace.slice(NAMESPACE_PREFIX.length);
}

/** Whether an endpoint is the party; of "own tenant", whether it is a tenant's. */
export function isParty(party: Party, endpoint: Endpoint, book: AddressBook): boolean {
  switch (party) {
    case "tenants":
    case "own tenant":
      return tenantOf(endpoint) !== undefined;
    case "tenants' pods under Flagger":
    case "tenants' stopped pods under Flagger":
      return (
        tenantOf(endpoint) !== undefined &&
        !isExternal(endpoint) &&
        (endpoint.isStopped === true) === (party === "tenants' stopped pods under Flagger") &&
        endpoint.labels.get(LABELS.rollout) === FLAGGER_ROLLOUT
      );
    case "any pod":
      return !isExternal(endpoint);
    default:
      if (isAddresses(party)) {
        return isWithin(endpoint, book[party]);
      }
      return party.endsWith("/*")
        ? !isExternal(endpoint) && endpoint.namespace === party.slice(0, -2)
        : shortName(endpoint) === party;
  }
}

export function isAddresses(party: Party): party is Addresses {
  return ADDRESSES.some((name) => name === party);
}

/** A party's namespace, or undefined for what is no namespace's. */
export function namespaceOf(party: Party): string | undefined {
  return party.includes("/") ? party.split("/")[0] : undefined;
}

function isWithin(endpoint: Endpoint, ranges: readonly AddressRange[]): boolean {
  const own = isExternal(endpoint) ? [endpoint.range] : endpoint.addresses;
  return ranges.some((range) => {
    const block: AddressBlock = { within: range, except: [] };
    return own.some((candidate) => touches(block, candidate));
  });
}

import { NAMESPACES } from "../../../config";
import { NAMESPACE_PREFIX } from "../../../tenancy";
import { cel } from "../../kubernetes";

/** Holds for requests in tenants' namespaces. They are told by name, which nobody can change, and not by label. */
export const IN_TENANT_NAMESPACE = {
  "tenant-namespace": `request.namespace.startsWith(${cel(NAMESPACE_PREFIX)})`,
};

/** Id of the tenant that the request's namespace belongs to. */
export const TENANT_ID = `request.namespace.substring(${NAMESPACE_PREFIX.length})`;

/** List of the namespaces that a tenant's policies may name: its own and the platform's. */
export const OWN_AND_PLATFORM = `[request.namespace] + ${cel(Object.values(NAMESPACES))}`;

/** The labels of the object; an empty map where it has none. */
export const LABELS_OF_OBJECT = "object.metadata.?labels.orValue({})";

/** Message of a rule over a list: the values that break it, and what is allowed. */
export function offending(place: string, values: string, allowed: string): string {
  return `${cel(`${place}: `)} + ${values}.join(", ") + ${cel("; allowed: ")} + ${allowed}`;
}

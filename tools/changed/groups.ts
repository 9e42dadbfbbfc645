import { namespaceName } from "../../tenancy";
import { grouped } from "../grouped";
import { regionOf } from "../manifests/output";
import type { Change } from "./compare";
import type { TenantChanges } from "./report";

/** Tenants to whom the same happens; a fleet's change is read once, not once a tenant. */
export interface TenantGroup {
  readonly tenants: readonly TenantChanges[];
  /** Those of the first. */
  readonly changes: readonly Change[];
}

/** Tenants by what happens to them, in the order of each group's first. */
export function groupTenants(tenants: readonly TenantChanges[]): readonly TenantGroup[] {
  const groups = grouped(tenants, ({ row = "", changes }) => `${row} ${changes.map(signature).join("\n")}`);
  return [...groups.values()].map((members) => ({ tenants: members, changes: members[0]?.changes ?? [] }));
}

/** What happens, without whose it is: names and paths bear the tenant, and an address ends in a hash of its path. */
function signature({ action, stack, address, tenant = "", arguments: changed = [] }: Change): string {
  const what = [action, regionOf(stack), address.replace(/_[0-9A-F]{8}$/, ""), ...changed.map(({ path }) => path)].join(
    " ",
  );
  return what.replaceAll(namespaceName(tenant), "tenant");
}

import { readFileSync } from "node:fs";

import { loadTenants, resourceCount } from "../../tenancy";
import { rowsById } from "../../tenancy/rows";
import type { Result } from "../cli/command";
import type { TenantsInput } from "../cli/options";
import { table } from "../cli/table";
import { costReport } from "../cost/report";
import { derived, derivedLines } from "./derived";
import { tenantOf } from "./edits";

/** What `list` leaves out. */
export interface TenantFilter {
  readonly tier?: string;
  readonly state?: string;
  readonly shard?: number;
}

/** A table of tenants, and its sum. */
export function listTenants({ path, environment }: TenantsInput, filter: TenantFilter): Result {
  const rows = loadTenants(path, environment)
    .filter(({ tier }) => filter.tier === undefined || tier.name === filter.tier)
    .filter(({ state }) => filter.state === undefined || state === filter.state)
    .filter(({ shard }) => filter.shard === undefined || shard === filter.shard)
    .map((tenant) => ({
      id: tenant.id,
      name: tenant.name,
      tier: tenant.tier.name,
      state: tenant.state,
      shard: tenant.shard,
      resources: resourceCount(tenant),
    }));
  const resources = rows.reduce((sum, row) => sum + row.resources, 0);
  return {
    data: rows,
    text: table(
      [
        { title: "id" },
        { title: "name" },
        { title: "tier" },
        { title: "state" },
        { title: "shard", align: "right" },
        { title: "resources", align: "right" },
      ],
      [
        ...rows.map(({ id, name, tier, state, shard, resources: count }) => [
          id,
          name,
          tier,
          state,
          `${shard}`,
          `${count}`,
        ]),
        [`${rows.length} tenants`, "", "", "", "", `${resources}`],
      ],
    ),
    findings: false,
  };
}

/**
 * Everything that follows from one row.
 *
 * @throws UsageError if there is no such tenant
 */
export function showTenant({ path, file, environment }: TenantsInput, id: string): Result {
  const tenants = loadTenants(path, environment);
  const cost = costReport(environment, tenants).tenants.find((tenant) => tenant.id === id);
  const facts = derived(tenantOf(tenants, id), environment, cost);
  const line = rowsById(readFileSync(path, "utf8"), environment).get(id)?.line;
  return {
    data: { ...facts, file, line },
    text: table(
      [{ title: facts.id }, { title: `${file}:${line}` }],
      derivedLines(facts).map(([what, value]) => [what, value]),
    ),
    findings: false,
  };
}

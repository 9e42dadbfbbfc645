import { ENVIRONMENTS, type Environment } from "../../../config";
import type { TenantRow } from "../../../tenancy";
import { measureFleet } from "../../../tools/limits/fleet";
import { parseFleet } from "../../../tools/limits/fleet-file";
import { grow } from "../../../tools/limits/growth";
import { byBinding, FINDING_SHARE, type Headroom, headroom } from "../../../tools/limits/headroom";
import { PLATFORM_USE } from "../../../tools/limits/platform-share";
import { USE } from "../../../tools/limits/use";
import { generateRows, tenantsJson } from "../../support/fleet";
import { inTwoRegions } from "../../support/regions";

const environment = ENVIRONMENTS.production;

function limitsOf(rows: readonly TenantRow[], of: Environment = environment): readonly Headroom[] {
  return headroom(of, parseFleet(tenantsJson(rows), of, "tenants.json"));
}

function find(limits: readonly Headroom[], id: string): Headroom {
  const found = limits.find((limit) => limit.id === id);
  if (found === undefined) {
    throw new Error(`no limit ${id}`);
  }
  return found;
}

function withStandardNodes(max: number): Environment {
  const { nodeGroups } = environment.cluster;
  return {
    ...environment,
    cluster: { ...environment.cluster, nodeGroups: { ...nodeGroups, standard: { ...nodeGroups.standard, max } } },
    savings: { ...environment.savings, spotShare: 0 },
  };
}

describe("headroom", () => {
  test("counts one IAM role and three associations for each tenant that is deployed", () => {
    const rows = generateRows(4);
    const limits = limitsOf([
      ...rows,
      { id: "gone", name: "Gone", tier: "starter", state: "purged", retainUntil: "2020-01-01" },
    ]);
    expect(find(limits, "iam-roles").used).toBe(PLATFORM_USE.iamRoles + 4);
    expect(find(limits, "pod-identity-associations").used).toBe(PLATFORM_USE.podIdentityAssociations + 12);
  });

  test("counts a second region's IAM roles, since IAM is one for both", () => {
    const used = (of: Environment): number => find(limitsOf(generateRows(4), of), "iam-roles").used;
    const own = PLATFORM_USE.iamRolesOfSecondRegion;
    for (const role of ["standby", "serving"] as const) {
      expect(used(inTwoRegions(role))).toBe(used(environment) + own);
    }
  });

  test("names as full the number of tenants at which a fleet of today's mix is just full", () => {
    const rows = generateRows(100);
    const { tenants } = parseFleet(tenantsJson(rows), environment, "tenants.json");
    const { bindsAt = 0 } = find(limitsOf(rows), "iam-roles");
    const used = (count: number): number =>
      USE["iam-roles"](measureFleet(environment, grow(tenants, count, environment)));
    expect(used(bindsAt)).toBe(1_000);
    expect(used(bindsAt - 1)).toBe(999);
  });

  test("is a warning from 80 % on and a finding at 100 %, each at the row that crossed the line", () => {
    // 60 standard tenants of 360 pods and the platform's: 17.5 nodes, by memory.
    const rows = generateRows(60).map((row): TenantRow => ({ id: row.id, name: row.name, tier: "standard" }));
    const needed = measureFleet(environment, parseFleet(tenantsJson(rows), environment, "t").tenants).pools.find(
      ({ pool }) => pool === "standard",
    )?.nodes;
    const at = (max: number): Headroom => find(limitsOf(rows, withStandardNodes(max)), "standard-nodes");
    const nodes = needed ?? 0;
    expect(at(nodes * 2)).toMatchObject({ level: "ok" });
    expect(at(nodes * 2)).not.toHaveProperty("row");
    expect(at(nodes + 1)).toMatchObject({ level: "warning" });
    const full = at(nodes);
    expect(full).toMatchObject({
      level: "finding",
      share: FINDING_SHARE,
      bindsAt: full.row === undefined ? -1 : index(full),
    });
    expect(at(nodes - 1).level).toBe("finding");
  });

  test("reports the nearest limit first", () => {
    const binding = byBinding(limitsOf(generateRows(50)));
    const counts = binding.map(({ bindsAt }) => bindsAt);
    expect(counts).toEqual([...counts].sort((a, b) => (a ?? 0) - (b ?? 0)));
    expect(binding.length).toBeGreaterThan(5);
  });

  test("takes a suspended tenant's pods away and leaves its role", () => {
    const active = limitsOf([{ id: "acme", name: "Acme", tier: "standard" }]);
    const suspended = limitsOf([{ id: "acme", name: "Acme", tier: "standard", state: "suspended" }]);
    expect(find(active, "sidecars").used - find(suspended, "sidecars").used).toBe(6);
    expect(find(suspended, "iam-roles").used).toBe(find(active, "iam-roles").used);
  });

  test("knows neither tenants nor a mix in an empty file, and binds nothing", () => {
    const limits = limitsOf([]);
    expect(byBinding(limits)).toEqual([]);
    expect(limits.every(({ level }) => level === "ok")).toBe(true);
  });

  test("uses a part of every limit", () => {
    for (const { id, used, value } of limitsOf(generateRows(10))) {
      expect([id, used > 0, value > 0]).toEqual([id, true, true]);
    }
  });
});

/** Tenants up to and with the one whose row is named: ids are numbered. */
function index({ row }: Headroom): number {
  return Number(row?.tenant.replace("company-", "")) + 1;
}

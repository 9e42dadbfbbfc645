import { ENVIRONMENTS, RINGS } from "../../config";
import { parseTenants, ringOf, tenantsByRing, type TenantRow } from "../../tenancy";
import { generateRows, tenantsJson } from "../support/fleet";
import { tenantOf } from "../support/tenants";

const parse = (rows: readonly TenantRow[]) => parseTenants(tenantsJson(rows), ENVIRONMENTS.production, "tenants.json");

const place = (rows: readonly TenantRow[]): ReadonlyMap<string, string | undefined> =>
  new Map(parse(rows).map((tenant) => [tenant.id, ringOf(tenant)?.name]));

describe("rings", () => {
  test("go from the company's own tenants to those with the most at stake", () => {
    expect(RINGS.map(({ name }) => name)).toEqual(["internal", "early", "starter", "standard", "enterprise"]);
  });

  test("a tenant's is the same on every machine and for ever", () => {
    const ids = ["juniper-labs", "green-valley", "cedar-clinic"];
    expect(ids.map((id) => ringOf(tenantOf({ id, tier: "starter" }))?.name)).toEqual(["internal", "early", "starter"]);
  });

  test("a tenant of the company's own is in the first, whatever its tier", () => {
    expect(ringOf(tenantOf({ id: "juniper-labs", tier: "enterprise" }))?.name).toBe("internal");
  });

  test("5 % of the starter tenants come before the others, and no tenant of another tier does", () => {
    const starters = generateRows(4_000).map((row): TenantRow => ({ ...row, tier: "starter" }));
    const early = starters.filter(({ id }) => ringOf(tenantOf({ id, tier: "starter" }))?.name === "early");
    expect(early.length / starters.length).toBeGreaterThan(0.04);
    expect(early.length / starters.length).toBeLessThan(0.06);
    for (const { id } of early) {
      expect(ringOf(tenantOf({ id, tier: "standard" }))?.name).toBe("standard");
    }
  });

  test("neither another tenant nor the order of the rows moves one", () => {
    const rows = generateRows(200);
    const before = place(rows);
    const after = place([{ id: "newcomer", name: "Newcomer", tier: "starter" }, ...[...rows].reverse()]);
    for (const [id, ring] of before) {
      expect(after.get(id)).toBe(ring);
    }
  });

  test("every tenant that has workloads is in one", () => {
    const rows = generateRows(50);
    const gone: TenantRow = {
      id: "oscar",
      name: "O",
      tier: "starter",
      state: "offboarding",
      retainUntil: "2027-03-31",
    };
    const quiet: TenantRow = { id: "kilo", name: "K", tier: "standard", state: "suspended" };
    const ids = [...tenantsByRing(parse([...rows, gone, quiet])).values()].flat().map(({ id }) => id);
    expect(ids.sort()).toEqual([...rows.map(({ id }) => id), "kilo"].sort());
  });
});

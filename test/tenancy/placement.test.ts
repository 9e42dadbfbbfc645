import { ENVIRONMENTS } from "../../config";
import { parseTenants, shardOf, type TenantRow } from "../../tenancy";
import { generateRows, tenantsJson } from "../support/fleet";

const { production } = ENVIRONMENTS;

const place = (rows: readonly TenantRow[]) =>
  new Map(parseTenants(tenantsJson(rows), production, "tenants.json").map((tenant) => [tenant.id, tenant.shard]));

describe("placement", () => {
  test("is the same on every machine and for ever", () => {
    expect(["acme-corp", "small-biz", "company-0000"].map((id) => shardOf(id, 20))).toEqual([16, 15, 11]);
  });

  test("a row's shard overrules the hash", () => {
    const shard = (shardOf("acme-corp", 20) + 1) % 20;
    expect(place([{ id: "acme-corp", name: "Acme", tier: "starter", shard }]).get("acme-corp")).toBe(shard);
  });

  test("does not depend on the order of the rows", () => {
    const rows = generateRows(200);
    expect([...place(rows)]).toEqual([...place([...rows].reverse())]);
  });

  test("another tenant moves none", () => {
    const before = place(generateRows(100));
    const after = place([...generateRows(100), { id: "newcomer", name: "Newcomer", tier: "starter" }]);
    for (const [id, shard] of before) {
      expect(after.get(id)).toBe(shard);
    }
  });

  test("fills 20 shards with 500 tenants to at most 40 each", () => {
    const sizes = new Map<number, number>();
    for (const shard of place(generateRows(500)).values()) {
      sizes.set(shard, (sizes.get(shard) ?? 0) + 1);
    }
    expect(sizes.size).toBe(20);
    expect(Math.max(...sizes.values())).toBeLessThanOrEqual(40);
  });
});

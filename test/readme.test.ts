import { readFileSync } from "node:fs";

import { ENVIRONMENTS } from "../config";
import { parseTenants, type TenantRow, TenantsError } from "../tenancy";
import { changedFiles, synthPlatform } from "./support/platform";

const README = readFileSync("README.md", "utf8");
const TENANTS = readFileSync("tenants.json", "utf8");
const rows = (JSON.parse(TENANTS) as { tenants: TenantRow[] }).tenants;

/** The line that the README and its patch add to tenants.json. */
const ROW_LINE = /^\+(?<row> {4}\{ "id": .*\}),$/m;
const rowOf = (text: string): string => ROW_LINE.exec(text)?.groups?.["row"] ?? "";

describe("README: add a tenant", () => {
  const row = rowOf(README);
  const before = synthPlatform(rows);
  const after = synthPlatform([...rows, JSON.parse(row) as TenantRow]);

  test("the row is the patch's", () => {
    expect(row).not.toBe("");
    expect(rowOf(readFileSync("docs/examples/add-tenant.patch", "utf8"))).toBe(row);
  });

  test("the file that differs is the one it names, of as many stacks as it says", () => {
    const [changed, ...others] = changedFiles(before, after);
    expect(others).toEqual([]);
    expect(README).toContain(`Files cdktf.before/${changed} and cdktf.out/${changed} differ\n`);
    const stacks = [...after.keys()].filter((path) => path.endsWith("/cdk.tf.json")).length;
    expect(README).toContain(`One file of ${stacks} differs, and it only gains lines`);
  });

  test("the lines of the diff that it shows are lines of the file", () => {
    const [changed = ""] = changedFiles(before, after);
    const lines = new Set(after.get(changed)?.split("\n"));
    const shown = [...README.matchAll(/```diff\n([^`]*)```/g)]
      .flatMap((block) => (block[1] ?? "").trimEnd().split("\n"))
      .filter((line) => !ROW_LINE.test(line));
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.filter((line) => !line.startsWith("+") || !lines.has(line.slice(1)))).toEqual([]);
  });

  test("the resources are as many as it says, and those it spells out exist", () => {
    const [changed = ""] = changedFiles(before, after);
    const { resource } = JSON.parse(after.get(changed) ?? "{}") as { resource: Record<string, Record<string, object>> };
    const addresses = Object.entries(resource).flatMap(([type, byId]) =>
      Object.keys(byId).map((id) => `${type}.${id}`),
    );
    const added = addresses.filter((address) => address.includes(".tenant-lotus-care_"));
    expect(README).toContain(`The ${added.length} resources in it`);
    const spelt = README.match(/^[a-z0-9_]+\.tenant-lotus-care_[\w-]+_[0-9A-F]{8}$/gm) ?? [];
    expect(spelt.length).toBeGreaterThan(4);
    expect(added).toEqual(expect.arrayContaining(spelt));
  });
});

describe("README: wrong input", () => {
  test("is told as it shows", () => {
    const wrong = TENANTS.replace(
      '"Blue Harbor Logistics", "tier": "standard"',
      '"Blue Harbor Logistics", "tier": "standart"',
    );
    expect(() => parseTenants(wrong, ENVIRONMENTS.production, "tenants.json")).toThrow(TenantsError);
    try {
      parseTenants(wrong, ENVIRONMENTS.production, "tenants.json");
    } catch (error) {
      expect(README).toContain(`\n${(error as Error).message}\n`);
    }
  });
});

describe("README: npm scripts", () => {
  test("that it names exist", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
    const named = [...README.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map((match) => match[1]);
    expect(named.length).toBeGreaterThan(5);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining([...new Set(named)]));
  });
});

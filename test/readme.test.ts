import { readFileSync } from "node:fs";

import { ENVIRONMENTS } from "../config";
import { parseTenants, type TenantRow, TenantsError } from "../tenancy";
import { program } from "../tools/cli/main";
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

  test("the one stack that differs is the one it names, and the resources that it spells out are added there", () => {
    const [changed = "", ...others] = changedFiles(before, after);
    expect(others).toEqual([]);
    const [, stack = ""] = /^stacks\/([\w-]+)\/cdk\.tf\.json$/.exec(changed) ?? [];
    expect(README).toContain(`(row added), ${stack}\n`);
    const { resource } = JSON.parse(after.get(changed) ?? "{}") as { resource: Record<string, Record<string, object>> };
    const added = Object.entries(resource).flatMap(([type, byId]) => Object.keys(byId).map((id) => `${type}.${id}`));
    const ofTheRow = added.filter((address) => address.includes(".tenant-lotus-care_"));
    expect(README).toContain(`1 stack, 1 tenant; resources: ${ofTheRow.length} added, 0 changed`);
    const spelt = [...README.matchAll(/^ {2}\+ (\S+)$/gm)].map((match) => match[1]);
    expect(spelt.length).toBeGreaterThan(3);
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

describe("README: commands", () => {
  test("that it names are those that there are, every one", () => {
    const terminal = { out: () => undefined, error: () => undefined, colours: false, interactive: false };
    const commands = program(terminal).commands.map((command) => command.name());
    const [, table = ""] = /\| command +\| answers[^\n]*\n([^]*?)\n\n/.exec(README) ?? [];
    const named = [...table.matchAll(/^\| ([^|]+)\|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([a-z]+)/g)].map((match) => match[1]),
    );
    expect(named.sort()).toEqual([...commands].sort());
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

import fc from "fast-check";
import { parse } from "jsonc-parser";

import { type TenantRow } from "../../../tenancy";
import { insertRow, setFields } from "../../../tools/tenant/edit";

const row = (id: string): TenantRow => ({ id, name: id.toUpperCase(), tier: "starter" });
const written = (id: string): string => `{ "id": "${id}", "name": "${id.toUpperCase()}", "tier": "starter" }`;

const FILE = `{
  // Who is served.
  "tenants": [
    // The first customer.
    { "id": "bbb", "name": "B", "tier": "starter" }, // pays late
    {
      "id": "ddd",
      "name": "D",
      "tier": "enterprise",
      "overrides": { "connectionLimit": 40 }
    },
    { "id": "fff",   "name": "F", "tier": "standard" } // the last
  ]
}
`;

/** The lines of a text that are new in another, and whether nothing else differs. */
function insertedLines(before: string, after: string): readonly string[] {
  const known = before.split("\n");
  const added: string[] = [];
  for (const line of after.split("\n")) {
    if (line === known[0]) {
      known.shift();
    } else {
      added.push(line);
    }
  }
  expect(known).toEqual([]);
  return added;
}

describe("insertRow", () => {
  test("comes first above the comment of the row that was first", () => {
    const after = insertRow(FILE, row("aaa"));
    expect(insertedLines(FILE, after)).toEqual([`    ${written("aaa")},`]);
    expect(after).toContain(`"tenants": [\n    ${written("aaa")},\n    // The first customer.\n    { "id": "bbb"`);
  });

  test("comes between rows, below the comment beside the row before", () => {
    const after = insertRow(FILE, row("ccc"));
    expect(insertedLines(FILE, after)).toEqual([`    ${written("ccc")},`]);
    expect(after).toContain(`// pays late\n    ${written("ccc")},\n    {\n      "id": "ddd"`);
  });

  test("comes last behind a comma that the row before gets, ahead of its comment", () => {
    const after = insertRow(FILE, row("ggg"));
    expect(after).toBe(
      FILE.replace('"standard" } // the last\n', `"standard" }, // the last\n    ${written("ggg")}\n`),
    );
  });

  test("goes behind the row with the next smaller id of a list that is in no order", () => {
    const text = '{ "tenants": [\n  { "id": "zzz" },\n  { "id": "aaa" },\n  { "id": "mmm" }\n] }\n';
    expect(parse(insertRow(text, row("bbb"))).tenants.map(({ id }: TenantRow) => id)).toEqual([
      "zzz",
      "aaa",
      "bbb",
      "mmm",
    ]);
  });

  test.each([
    ['{ "tenants": [] }', `{ "tenants": [\n  ${written("aaa")}\n] }`],
    ['{\n  "tenants": []\n}\n', `{\n  "tenants": [\n    ${written("aaa")}\n  ]\n}\n`],
    ['{\n  "tenants": [\n  ]\n}\n', `{\n  "tenants": [\n    ${written("aaa")}\n  ]\n}\n`],
    ['{\r\n  "tenants": []\r\n}\r\n', `{\r\n  "tenants": [\r\n    ${written("aaa")}\r\n  ]\r\n}\r\n`],
  ])("fills the empty list of %j", (before, after) => {
    expect(insertRow(before, row("aaa"))).toBe(after);
  });

  test("keeps the line breaks of a file from Windows, and the shape of a file in one line", () => {
    const windows = FILE.replaceAll("\n", "\r\n");
    expect(insertRow(windows, row("ccc"))).toBe(insertRow(FILE, row("ccc")).replaceAll("\n", "\r\n"));
    const dense = '{"tenants":[{"id":"bbb"},{"id":"ddd"}]}';
    expect(insertRow(dense, row("ccc"))).toBe(`{"tenants":[{"id":"bbb"},${written("ccc")},{"id":"ddd"}]}`);
    expect(insertRow(dense, row("eee"))).toBe(`{"tenants":[{"id":"bbb"},{"id":"ddd"},${written("eee")}]}`);
  });

  test("in any order of additions gives one file, in the order of ids", () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[a-z]{3}$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(ids, (order) => {
        const empty = '{\n  "tenants": []\n}\n';
        const add = (list: readonly string[]): string => list.reduce((text, id) => insertRow(text, row(id)), empty);
        expect(add(order)).toBe(add([...order].sort()));
        expect(parse(add(order)).tenants).toEqual([...order].sort().map(row));
      }),
      { numRuns: 50 },
    );
  });
});

describe("setFields", () => {
  test("adds a field behind the one before it in the schema, in the row's own shape", () => {
    expect(setFields(FILE, "bbb", { state: "suspended" })).toBe(
      FILE.replace('"name": "B", "tier": "starter"', '"name": "B", "tier": "starter", "state": "suspended"'),
    );
    expect(setFields(FILE, "ddd", { state: "offboarding", retainUntil: "2027-03-31" })).toBe(
      FILE.replace(
        '"tier": "enterprise",\n',
        '"tier": "enterprise",\n      "state": "offboarding",\n      "retainUntil": "2027-03-31",\n',
      ),
    );
    // A gap between two fields is nobody's style; the one at the beginning of the row is.
    expect(setFields(FILE, "fff", { state: "suspended" })).toContain(
      '"tier": "standard", "state": "suspended" } // the',
    );
    expect(setFields('{"tenants":[{"id":"bbb"}]}', "bbb", { state: "purged" })).toBe(
      '{"tenants":[{"id":"bbb","state":"purged"}]}',
    );
  });

  test("changes a value in its place", () => {
    const suspended = setFields(FILE, "bbb", { state: "suspended" });
    expect(setFields(suspended, "bbb", { state: "offboarding" })).toBe(suspended.replace("suspended", "offboarding"));
  });

  test.each(["bbb", "ddd", "fff"])("and taken away again leaves %s as it was, to the byte", (id) => {
    const changed = setFields(FILE, id, { state: "offboarding", retainUntil: "2027-03-31" });
    expect(changed).not.toBe(FILE);
    expect(setFields(changed, id, { state: undefined, retainUntil: undefined })).toBe(FILE);
  });
});

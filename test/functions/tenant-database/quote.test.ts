import { PGlite } from "@electric-sql/pglite";
import fc from "fast-check";

import { quoteIdent, quoteLiteral, render } from "../../../functions/tenant-database/src";

/** What PostgreSQL can store: any text without NUL and half surrogate pairs. Quotes and backslashes more than by chance. */
const storable = fc
  .oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom('"', "'", "\\", "\n", ";", "--", "$$", "a") }),
  )
  .map((text) => text.replaceAll("\0", ""));

const identifier = storable.filter((text) => text.length > 0 && Buffer.byteLength(text) <= 63);

describe("quoting", () => {
  let lite: PGlite;
  beforeAll(async () => {
    lite = await PGlite.create();
  });
  afterAll(() => lite.close());

  test("any identifier comes back from PostgreSQL as it was", async () => {
    await fc.assert(
      fc.asyncProperty(identifier, async (name) => {
        const { fields } = await lite.query(`select 1 as ${quoteIdent(name)}`);
        expect(fields.map((field) => field.name)).toEqual([name]);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  test("any literal comes back from PostgreSQL as it was, whatever standard_conforming_strings says", async () => {
    for (const conforming of ["on", "off"]) {
      await lite.exec(`set standard_conforming_strings = ${conforming}; set escape_string_warning = off`);
      await fc.assert(
        fc.asyncProperty(storable, async (text) => {
          const [result] = await lite.exec(`select ${quoteLiteral(text)} as value`);
          expect(result?.rows).toEqual([{ value: text }]);
        }),
        { numRuns: 200, seed: 5 },
      );
    }
  });

  test("any text stays inside its placeholder", async () => {
    await fc.assert(
      fc.asyncProperty(identifier, storable, async (name, text) => {
        const sql = render(`select :'text'::text as :"name", :number::int as n`, { name, text, number: 7 });
        const [result] = await lite.exec(sql);
        expect(result?.fields.map((field) => field.name)).toEqual([name, "n"]);
        expect(Object.values(result?.rows[0] ?? {}).at(-1)).toBe(7);
      }),
      {
        numRuns: 200,
        seed: 5,
        examples: [
          [':"text"', ":'name' :number"],
          ["a", "'; drop table x; --"],
        ],
      },
    );
  });

  test.each([
    ["an empty identifier", "", "identifier of 0 bytes"],
    ["an identifier that PostgreSQL would cut", "é".repeat(32), "identifier of 64 bytes"],
    ["NUL in an identifier", "a\0b", "identifier of 3 bytes"],
    ["half a surrogate pair in an identifier", "a\ud800", "identifier of 4 bytes"],
  ])("%s is refused", (_what, name, message) => {
    expect(() => quoteIdent(name)).toThrow(`INVALID_INPUT: ${message}; allowed: 1 to 63 bytes of UTF-8 without NUL`);
  });

  test("NUL in a literal is refused", () => {
    expect(() => quoteLiteral("a\0b")).toThrow("INVALID_INPUT: a literal holds NUL or half a surrogate pair");
  });

  test("a placeholder without a value, and a plain one with text, are refused", () => {
    expect(() => render(`:"role"`, {})).toThrow(`INVALID_INPUT: no value for :"role"`);
    expect(() => render("limit :n", { n: "1; drop" })).toThrow("INVALID_INPUT: :n takes a whole number or a boolean");
  });
});

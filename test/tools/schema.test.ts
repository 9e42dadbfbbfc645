import { readFileSync } from "node:fs";

import { schemaText } from "../../tools/schema";

describe("tenants.schema.json", () => {
  test("is what the schema of a row says; `npm run schema` writes it anew", () => {
    expect(readFileSync("tenants.schema.json", "utf8")).toBe(schemaText());
  });
});

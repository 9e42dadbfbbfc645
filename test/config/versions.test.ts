import { readFileSync } from "node:fs";

import { TENANT_SCHEMA_VERSION } from "../../config";
import { LATEST_VERSION } from "../../functions/tenant-database/src";

const constantOf = (file: string, name: string): string | undefined =>
  new RegExp(`const ${name} = "(\\d+)"`).exec(readFileSync(file, "utf8"))?.[1];

describe("versions of the database", () => {
  test("tenants are brought to the newest that the function knows", () => {
    expect(TENANT_SCHEMA_VERSION).toBe(LATEST_VERSION);
  });

  test("a changed bootstrap runs again: both sides bear the same version", () => {
    const version = constantOf("functions/tenant-database/src/actions/bootstrap.ts", "PLATFORM_VERSION");
    expect(version).toBeDefined();
    expect(constantOf("constructs/database/tenant-function.ts", "BOOTSTRAP_VERSION")).toBe(version);
  });
});

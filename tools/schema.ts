import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { tenantsFile } from "../tenancy";

/** Where editors look for it: `$schema` of tenants.json. */
const SCHEMA_FILE = join(__dirname, "..", "tenants.schema.json");

/** JSON Schema of tenants.json: what editors complete and check while a row is written. */
export function schemaText(): string {
  const schema = z.toJSONSchema(tenantsFile, { target: "draft-7", io: "input" });
  return `${JSON.stringify({ title: "Tenants of the platform", ...schema }, null, 2)}\n`;
}

if (require.main === module) {
  writeFileSync(SCHEMA_FILE, schemaText());
}

import { createHash } from "node:crypto";

import { MAX_IDENTIFIER_BYTES } from "./quote";

/**
 * Name of a tenant's schema that is put aside: `<kind>_<schema>_<stamp>`. A name that would be cut at 63 bytes, losing its
 * stamp, bears a hash in place of the schema's end.
 *
 * @param kind - `archived`, `replaced`, `restoring`
 * @param stamp - day or instant, in digits
 */
export function asideName(kind: string, schema: string, stamp: string): string {
  const named = (middle: string): string => `${kind}_${middle}_${stamp}`;
  const name = named(schema);
  if (name.length <= MAX_IDENTIFIER_BYTES) {
    return name;
  }
  const hash = createHash("sha256").update(schema).digest("hex").slice(0, 8);
  const room = MAX_IDENTIFIER_BYTES - named(`_${hash}`).length;
  return named(`${schema.slice(0, room)}_${hash}`);
}

/** Comment on a schema that a restore has replaced, by which the purge finds it. */
export function replacedMark(id: string): string {
  return `replaced by a restore of tenant ${id}`;
}

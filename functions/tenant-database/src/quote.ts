import { TenantDatabaseError } from "./error";

/** A value that stands in SQL text; data definition takes no bind parameters. */
export type SqlValue = string | number | boolean;

/** Longest identifier in bytes (NAMEDATALEN - 1). PostgreSQL cuts a longer one in silence, so two names could meet. */
export const MAX_IDENTIFIER_BYTES = 63;

/**
 * An identifier as PostgreSQL reads it back unchanged.
 *
 * @throws TenantDatabaseError if it is empty, longer than 63 bytes, or holds what PostgreSQL cannot store
 */
export function quoteIdent(name: string): string {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > MAX_IDENTIFIER_BYTES || !isStorable(name)) {
    throw new TenantDatabaseError(
      "INVALID_INPUT",
      `identifier of ${bytes} bytes; allowed: 1 to ${MAX_IDENTIFIER_BYTES} bytes of UTF-8 without NUL`,
    );
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A string literal that reads the same whatever `standard_conforming_strings` says.
 *
 * @throws TenantDatabaseError if it holds what PostgreSQL cannot store
 */
export function quoteLiteral(value: string): string {
  if (!isStorable(value)) {
    throw new TenantDatabaseError("INVALID_INPUT", "a literal holds NUL or half a surrogate pair");
  }
  const quoted = `'${value.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
  return value.includes("\\") ? ` E${quoted}` : quoted;
}

/** psql's forms: `:"name"` an identifier, `:'name'` a literal, `:name` a number or boolean. `::` stays a cast. */
const PLACEHOLDER = /(?<!:):(?:"(?<ident>\w+)"|'(?<literal>\w+)'|(?<plain>[a-z]\w*))/g;

/**
 * Puts values into the text of a `.sql` file, in psql's notation of variables.
 *
 * @throws TenantDatabaseError if a placeholder has no value, or a plain one has a string, which nothing would quote
 */
export function render(sql: string, values: Readonly<Record<string, SqlValue>>): string {
  return sql.replace(PLACEHOLDER, (match, ident?: string, literal?: string, plain?: string) => {
    const value = values[ident ?? literal ?? plain ?? ""];
    if (value === undefined) {
      throw new TenantDatabaseError("INVALID_INPUT", `no value for ${match}`);
    }
    if (ident !== undefined) {
      return quoteIdent(String(value));
    }
    if (literal !== undefined) {
      return quoteLiteral(String(value));
    }
    if (typeof value === "string" || !Number.isSafeInteger(Number(value))) {
      throw new TenantDatabaseError("INVALID_INPUT", `${match} takes a whole number or a boolean`);
    }
    return String(value);
  });
}

function isStorable(text: string): boolean {
  return !text.includes("\0") && Buffer.from(text).toString() === text;
}

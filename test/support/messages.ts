import { type Environment, ENVIRONMENTS } from "../../config";
import { parseTenants, TenantsError } from "../../tenancy";

/** Messages about a file that holds these rows, one a line from line 2 on. */
export function messagesOf(
  rows: readonly string[],
  environment: Environment = ENVIRONMENTS.production,
): readonly string[] {
  return messagesOfText(`{ "tenants": [\n${rows.join(",\n")}\n] }`, environment);
}

/** Messages about a text. */
export function messagesOfText(text: string, environment: Environment = ENVIRONMENTS.production): readonly string[] {
  try {
    parseTenants(text, environment, "tenants.json");
  } catch (error) {
    if (error instanceof TenantsError) {
      return error.message.split("\n");
    }
    throw error;
  }
  return [];
}

/** A row without a tier; X is its name. */
export const row = (fields: string): string => `{ "name": "X", ${fields} }`;
/** The same of tier starter. */
export const starter = (fields: string): string => row(`"tier": "starter", ${fields}`);

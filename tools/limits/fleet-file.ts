import { existsSync, readFileSync } from "node:fs";

import type { Environment } from "../../config";
import { parseTenants, type Problem, type Tenant } from "../../tenancy";
import { JsonDocument } from "../../tenancy/document";
import { UsageError } from "../cli/command";
import type { TenantsInput } from "../cli/options";

/** Where a tenant's row stands. */
export type RowPosition = Pick<Problem, "line" | "column">;

/** The tenants of a file, and where each stands in it. */
export interface FleetFile {
  /** As messages name it. */
  readonly file: string;
  /** Sorted by id. */
  readonly tenants: readonly Tenant[];
  /** The same in the order of the rows: what was there before a row was added. */
  readonly inFileOrder: readonly Tenant[];
  readonly positionOf: (id: string) => RowPosition | undefined;
}

/**
 * Reads the fleet that a command line names. Unlike `loadTenants` it takes one that the database cannot hold: how far it is
 * beyond is asked for here.
 *
 * @throws UsageError if the file does not exist
 * @throws TenantsError with every problem of the file at once
 */
export function readFleet({ path, file, environment }: TenantsInput): FleetFile {
  if (!existsSync(path)) {
    throw new UsageError(`--tenants ${file}: no such file`);
  }
  return parseFleet(readFileSync(path, "utf8"), environment, file);
}

/**
 * The fleet of a JSON text.
 *
 * @param file - name of the text in messages
 * @throws TenantsError with every problem of the text at once
 */
export function parseFleet(text: string, environment: Environment, file: string): FleetFile {
  const tenants = parseTenants(text, environment, file);
  const document = new JsonDocument(text);
  const { tenants: rows } = document.value as { readonly tenants: readonly { readonly id: string }[] };
  const indexes = new Map(rows.map(({ id }, index) => [id, index]));
  return {
    file,
    tenants,
    inFileOrder: [...tenants].sort((a, b) => (indexes.get(a.id) ?? 0) - (indexes.get(b.id) ?? 0)),
    positionOf: (id) => {
      const index = indexes.get(id);
      if (index === undefined) {
        return undefined;
      }
      const { line, column } = document.problem(["tenants", index, "id"], "");
      return { line, column };
    },
  };
}

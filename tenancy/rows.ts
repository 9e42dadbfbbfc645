import { type Environment } from "../config";
import { JsonDocument } from "./document";
import { shardOf } from "./placement";
import { TENANT_STATES, type TenantState } from "./row";

/** What the checks over time need of a row; it need not pass this version's schema, for the base may be older. */
export interface PlacedRow {
  readonly id: string;
  readonly name: string;
  readonly state: TenantState;
  readonly shard: number;
  /** Region whose database holds the tenant's data. */
  readonly homeRegion: string;
  readonly retainUntil?: string;
  /** The row as it stands, for comparison. */
  readonly value: unknown;
  readonly index: number;
  /** Of the row's first character; both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** Rows of a tenants file by id. Rows without an id, and texts that are no JSON, have none. */
export function rowsById(text: string, environment: Environment): ReadonlyMap<string, PlacedRow> {
  const document = new JsonDocument(text);
  const { tenants } = (document.value ?? {}) as { readonly tenants?: unknown };
  const rows = document.problems.length === 0 && Array.isArray(tenants) ? tenants : [];
  return new Map(
    rows.flatMap((value: unknown, index) => {
      const fields = asRecord(value);
      const id = fields["id"];
      if (typeof id !== "string") {
        return [];
      }
      const { line, column } = document.problem(["tenants", index], "");
      const { name, state, shard, region, retainUntil } = fields;
      const row: PlacedRow = {
        id,
        name: typeof name === "string" ? name : "",
        state: TENANT_STATES.find((known) => known === state) ?? "active",
        shard: typeof shard === "number" ? shard : shardOf(id, environment.tenantShards),
        homeRegion: typeof region === "string" ? region : environment.region,
        ...(typeof retainUntil === "string" ? { retainUntil } : {}),
        value,
        index,
        line,
        column,
      };
      return [[id, row] as const];
    }),
  );
}

/** Rows that differ between two texts, by id and sorted. */
export interface RowChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Which rows came, changed and went; their order in the file is nothing. */
export function rowChanges(before: ReadonlyMap<string, PlacedRow>, after: ReadonlyMap<string, PlacedRow>): RowChanges {
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  const written = (row: PlacedRow | undefined): string | undefined => row && JSON.stringify(row.value);
  return {
    added: ids.filter((id) => !before.has(id)),
    changed: ids.filter((id) => before.has(id) && after.has(id) && written(before.get(id)) !== written(after.get(id))),
    removed: ids.filter((id) => !after.has(id)),
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

import { readFileSync, writeFileSync } from "node:fs";

import { parseTenants, resourceCount, type Tenant, type TenantRow } from "../../tenancy";
import { check } from "../../tenancy/check";
import { didYouMean } from "../../tenancy/nearest";
import { rowsById } from "../../tenancy/rows";
import { type Result, UsageError } from "../cli/command";
import { type Finding, findingLines } from "../cli/finding";
import type { TenantsInput } from "../cli/options";
import { insertRow, setFields } from "./edit";

/** Fields of a new row. */
export type Fields = Pick<TenantRow, "id" | "name" | "tier" | "release" | "shard">;

/**
 * Adds a row.
 *
 * @param today - day by which retentions have passed, like 2027-03-31
 * @throws TenantsError if the file is wrong as it stands
 */
export function addTenant(input: TenantsInput, row: Fields, today: string): Result {
  return write(input, row.id, today, "added", (text, tenants) => {
    if (tenants.some(({ id }) => id === row.id)) {
      throw new UsageError(`tenant "${row.id}" exists already`);
    }
    return insertRow(text, row);
  });
}

/**
 * Sets fields of a row, or takes them away.
 *
 * @param today - day by which retentions have passed, like 2027-03-31
 * @throws TenantsError if the file is wrong as it stands
 */
export function changeTenant(
  input: TenantsInput,
  id: string,
  fields: Readonly<Record<string, string | undefined>>,
  today: string,
): Result {
  return write(input, id, today, "changed", (text, tenants) => {
    tenantOf(tenants, id);
    return setFields(text, id, fields);
  });
}

/** @throws UsageError if there is none */
export function tenantOf(tenants: readonly Tenant[], id: string): Tenant {
  const found = tenants.find((tenant) => tenant.id === id);
  if (found === undefined) {
    const ids = tenants.map((tenant) => tenant.id);
    throw new UsageError(`no tenant "${id}"${didYouMean(id, ids)}`);
  }
  return found;
}

/**
 * Writes a tenants file, unless the new text fails a check, by itself or as a change of what stood there.
 *
 * @param today - day by which retentions have passed, like 2027-03-31
 * @returns what is wrong with it
 */
export function writeChecked(
  { path, file, environment }: TenantsInput,
  before: string,
  text: string,
  today: string,
): readonly Finding[] {
  const { findings } = check({ text, file, environment, base: { text: before, file, today, moved: [] } });
  if (findings.length === 0 && text !== before) {
    writeFileSync(path, text);
  }
  return findings;
}

function write(
  input: TenantsInput,
  id: string,
  today: string,
  done: "added" | "changed",
  edit: (text: string, tenants: readonly Tenant[]) => string,
): Result {
  const { path, file, environment } = input;
  const before = readFileSync(path, "utf8");
  const text = edit(before, parseTenants(before, environment, file));
  const findings = writeChecked(input, before, text, today);
  if (findings.length > 0) {
    return { data: { written: false, findings }, text: `${findingLines(findings)}nothing written\n`, findings: true };
  }
  const tenant = tenantOf(parseTenants(text, environment, file), id);
  const line = rowsById(text, environment).get(id)?.line;
  const written = text !== before;
  const { state, shard, tier } = tenant;
  const resources = resourceCount(tenant);
  return {
    data: { written, file, line, id, tier: tier.name, state, shard, resources },
    text:
      `${file}:${line}: "${id}" ${written ? done : "is so already"}: ` +
      `tier ${tier.name}, ${state}, shard ${shard}, ${resources} resources\n`,
    findings: false,
  };
}

import { readFileSync } from "node:fs";
import { relative } from "node:path";

import { type Environment, InputError } from "../config";
import { collisions } from "./collisions";
import { JsonDocument, type Path } from "./document";
import { type Problem, TenantsError } from "./problem";
import { databaseShortfalls } from "./regions";
import { tenantRow, tenantsFile } from "./row";
import { checkRow } from "./rules";
import { schemaProblems } from "./schema-problems";
import { fullShards } from "./size";
import { resolveTenant, type Tenant } from "./tenant";

/**
 * Tenants of a file, sorted by id: the order of the rows changes nothing.
 *
 * @throws TenantsError with every problem of the file at once; it names the file as it is seen from the working directory
 * @throws InputError if the environment's database cannot hold the tenants; it says which tier or class to change
 */
export function loadTenants(file: string, environment: Environment): readonly Tenant[] {
  const tenants = parseTenants(readFileSync(file, "utf8"), environment, relative(process.cwd(), file));
  const shortfalls = databaseShortfalls(environment, tenants);
  if (shortfalls.length > 0) {
    throw new InputError(shortfalls.map((shortfall) => `config/platform.ts: ${shortfall}`).join("\n"));
  }
  return tenants;
}

/**
 * Tenants of a JSON text, sorted by id.
 *
 * @param file - name of the text in messages
 * @throws TenantsError with every problem of the text at once
 */
export function parseTenants(text: string, environment: Environment, file: string): readonly Tenant[] {
  const document = new JsonDocument(text);
  const problems = document.problems.length > 0 ? document.problems : contentProblems(document, environment);
  if (problems.length > 0) {
    throw new TenantsError(file, inOrder(problems));
  }
  return tenantsFile
    .parse(document.value)
    .tenants.map((row) => resolveTenant(row, environment))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Rows that pass the schema are checked further even where others do not, so that one run shows everything. */
function contentProblems(document: JsonDocument, environment: Environment): readonly Problem[] {
  const parsed = tenantsFile.safeParse(document.value);
  const rows = rowsOf(document.value).map((value) => ({ value, checked: tenantRow.safeParse(value) }));
  const tenants = rows.map(({ checked }) => (checked.success ? resolveTenant(checked.data, environment) : undefined));
  return [
    ...(parsed.success ? [] : schemaProblems(document, parsed.error, keysAt)),
    ...rows.flatMap(({ checked }, index) =>
      checked.success
        ? checkRow(checked.data, environment).map(({ path, message }) =>
            document.problem(["tenants", index, ...path], message),
          )
        : [],
    ),
    ...collisions(rows.map(({ value }) => idOf(value))).map(({ index, message }) =>
      document.problem(["tenants", index, "id"], message),
    ),
    ...fullShards(tenants).map(({ index, message }) => document.problem(["tenants", index, "shard"], message)),
  ];
}

function rowsOf(value: unknown): readonly unknown[] {
  const tenants = (value as { tenants?: unknown } | null | undefined)?.tenants;
  return Array.isArray(tenants) ? tenants : [];
}

function idOf(row: unknown): string | undefined {
  const id = (row as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id : undefined;
}

/** Keys that the schema allows in the object at a path. */
function keysAt(path: Path): readonly string[] {
  const row = tenantRow.shape;
  const overrides = row.overrides.unwrap().shape;
  const [top, , part, inner] = path;
  const shape =
    top === undefined
      ? tenantsFile.shape
      : part === undefined
        ? row
        : part === "canary"
          ? row.canary.unwrap().shape
          : inner === "quota"
            ? overrides.quota.unwrap().shape
            : inner === "replicas"
              ? overrides.replicas.unwrap().shape
              : overrides;
  return Object.keys(shape);
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}

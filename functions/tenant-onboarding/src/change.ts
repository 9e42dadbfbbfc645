import { z } from "zod";

import type { Environment } from "../../../config";
import { parseTenants } from "../../../tenancy";
import { check } from "../../../tenancy/check";
import { JsonDocument } from "../../../tenancy/document";
import { didYouMean } from "../../../tenancy/nearest";
import { type TenantRow, tenantsFile, type TenantState } from "../../../tenancy/row";
import { invalidRequest, OnboardingError } from "./error";
import type { ChangeRequest } from "./event";

/** What CI is asked to do with a row. `verify` edits nothing: the row is there, and is to be seen deployed. */
export interface Change {
  readonly command: "add" | "suspend" | "offboard" | "verify";
  /** State of the tenant once it is done. */
  readonly state: TenantState;
  /** Fields of the row that the command takes. */
  readonly fields: Readonly<Partial<Record<"name" | "tier" | "release" | "retain_until", string>>>;
}

/**
 * The next state that a deprovision leads to: one step at a time, as in tenancy/lifecycle.ts, so that an event that should
 * not have been sent stops at suspended, where nothing is lost. Purging is a person's.
 */
const NEXT_STATE: Readonly<Record<TenantState, "suspended" | "offboarding" | undefined>> = {
  active: "suspended",
  suspended: "offboarding",
  offboarding: "offboarding",
  purged: undefined,
};

/** Days for which an event must have the data kept, at the least: time to find out that it was a mistake. */
const MIN_RETENTION_DAYS = 30;

const FILE = "tenants.json";
const DAY_MS = 86_400_000;

/** Fields of the request by those of the row, for messages. */
const FIELDS: Readonly<Record<string, string>> = {
  id: "tenant_id",
  name: "config.name",
  release: "config.release",
  retainUntil: "config.retain_until",
  state: "tenant_id",
};

/**
 * What a request changes in tenants.json, judged as `taskflow check` judges an edit of it.
 *
 * @param text - tenants.json of the deploy branch
 * @param problems - what is wrong with the event already
 * @throws OnboardingError INVALID_REQUEST with every problem at once; TENANTS_FILE if the file is wrong as it stands
 */
export function planChange(
  request: ChangeRequest,
  problems: readonly string[],
  text: string,
  environment: Environment,
  now: Date,
): Change {
  const rows = currentRows(text, environment);
  const planned = request.action === "provision" ? provision(request, rows) : deprovision(request, rows, now);
  const today = day(now);
  const candidate = JSON.stringify({ tenants: planned.rows });
  const { findings } = check({
    text: candidate,
    file: FILE,
    environment,
    base: { text, file: FILE, today, moved: [] },
  });
  const all = [...problems, ...planned.problems, ...findings.map(({ message }) => inTermsOfTheRequest(message))];
  if (all.length > 0 || planned.change === undefined) {
    throw invalidRequest([...new Set(all)]);
  }
  return planned.change;
}

interface Plan {
  /** Absent where the problems leave nothing to plan. */
  readonly change?: Change;
  /** The rows as they would be; values of a request are not yet checked. */
  readonly rows: readonly unknown[];
  readonly problems: readonly string[];
}

function currentRows(text: string, environment: Environment): readonly TenantRow[] {
  try {
    parseTenants(text, environment, FILE);
  } catch {
    throw new OnboardingError("TENANTS_FILE", `${FILE} of the deploy branch does not pass its checks`);
  }
  return tenantsFile.parse(new JsonDocument(text).value).tenants;
}

/** A row that stands there as it is asked for is deployed once more: so a request that failed half-way is repeated. */
function provision({ tenantId, tier, config }: ChangeRequest, rows: readonly TenantRow[]): Plan {
  const row = defined({ id: tenantId, name: config["name"], tier, release: config["release"] });
  const existing = rows.find(({ id }) => id === tenantId);
  const fields = defined({ name: config["name"], tier, release: config["release"] }) as Change["fields"];
  if (existing === undefined) {
    return { change: { command: "add", state: "active", fields }, rows: [...rows, row], problems: [] };
  }
  const same = JSON.stringify(sorted(existing)) === JSON.stringify(sorted(row));
  const problem = `tenant_id: tenant "${tenantId}" exists already, and not as asked for; allowed: an id that is free`;
  return { change: { command: "verify", state: "active", fields: {} }, rows, problems: same ? [] : [problem] };
}

function deprovision({ tenantId, tier, config }: ChangeRequest, rows: readonly TenantRow[], now: Date): Plan {
  const retainUntil = config["retain_until"];
  const tooShort = retentionProblems(retainUntil, now);
  const index = rows.findIndex(({ id }) => id === tenantId);
  const existing = rows[index];
  const state = existing && NEXT_STATE[existing.state ?? "active"];
  const problems = [
    ...tooShort,
    ...(existing === undefined ? [unknownTenant(tenantId, rows)] : []),
    ...(existing !== undefined && tier !== undefined && tier !== existing.tier
      ? [`tier: tenant "${tenantId}" is of tier ${existing.tier}; allowed: ${existing.tier}, or no tier`]
      : []),
    ...(existing !== undefined && state === undefined ? [`tenant_id: tenant "${tenantId}" is purged already`] : []),
  ];
  if (existing === undefined || state === undefined || tooShort.length > 0) {
    return { rows, problems };
  }
  return state === "suspended"
    ? {
        change: { command: "suspend", state, fields: {} },
        rows: rows.with(index, { ...existing, state }),
        problems,
      }
    : {
        change: { command: "offboard", state, fields: { retain_until: String(retainUntil) } },
        rows: rows.with(index, { ...existing, state, retainUntil: String(retainUntil) }),
        problems,
      };
}

function retentionProblems(retainUntil: unknown, now: Date): readonly string[] {
  const earliest = day(new Date(now.getTime() + MIN_RETENTION_DAYS * DAY_MS));
  const isDate = z.iso.date().safeParse(retainUntil).success;
  if (isDate && String(retainUntil) >= earliest) {
    return [];
  }
  const what = retainUntil === undefined ? "missing" : `invalid value ${JSON.stringify(retainUntil)}`;
  return [`config.retain_until: ${what}; allowed: a date from ${earliest} on, ${MIN_RETENTION_DAYS} days ahead`];
}

function unknownTenant(tenantId: unknown, rows: readonly TenantRow[]): string {
  const hint =
    typeof tenantId === "string"
      ? didYouMean(
          tenantId,
          rows.map(({ id }) => id),
        )
      : "";
  return `tenant_id: no tenant ${JSON.stringify(tenantId) ?? "without an id"}${hint}`;
}

/** `tenants[12].release: …` of the file is `config.release: …` of the request. */
function inTermsOfTheRequest(message: string): string {
  return message.replace(
    /^tenants\[\d+\](?:\.(\w+))?:/,
    (_, field?: string) => `${field === undefined ? "tenant_id" : (FIELDS[field] ?? field)}:`,
  );
}

/** Day of an instant in UTC: `2027-03-31`. */
function day(instant: Date): string {
  return instant.toISOString().slice(0, "2027-03-31".length);
}

function defined(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function sorted(fields: object): readonly (readonly [string, unknown])[] {
  return Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1));
}

import { TenantDatabaseError } from "./error";

/** Names of a tenant in the database. */
export interface TenantIdentity {
  /** Id of tenants.json. */
  readonly id: string;
  /** Login role. */
  readonly role: string;
  readonly schema: string;
}

/** A tenant as it shall be. */
export interface TenantInput extends TenantIdentity {
  readonly tier: string;
  /** Suspended: the role cannot log in, and its sessions are ended. */
  readonly state: "active" | "suspended";
  /** CONNECTION LIMIT of the login role. */
  readonly connectionLimit: number;
  /** `statement_timeout` of the login role, in milliseconds. */
  readonly statementTimeoutMs: number;
  /** Version of the tables (`sql/versions`). */
  readonly schemaVersion: number;
}

/** A tenant whose data is to be destroyed. */
export interface PurgeInput extends TenantIdentity {
  /** State in tenants.json. Only "purged" is heard: somebody has written and reviewed it. */
  readonly state: string;
  /** Last day on which the data is kept, in UTC: `2027-03-31`. */
  readonly retainUntil: string;
}

/** A tenant that is to be brought back from another server. */
export interface RestoreInput {
  /** As it shall be on the live server. */
  readonly tenant: TenantInput;
  /** Host of the instance that was restored from a backup. */
  readonly sourceHost: string;
  /** Names the replaced schema. Repeats of one request carry the same instant: what is done is not done twice. */
  readonly requestedAt: Date;
}

/** What an action did. */
export interface ActionResult {
  readonly action: "bootstrap" | "provision" | "archive" | "purge" | "restore";
  /** What was not yet as it should be; empty where everything was. */
  readonly changed: readonly string[];
}

/** Role that owns every schema and runs all actions but `bootstrap`. */
export const PROVISIONER = "tenant_provisioner";

/** Group role of all tenants: CONNECT and the shared tables are granted to it alone. */
export const TENANT_GROUP = "taskflow_tenants";

/**
 * Login role of the metrics exporter: reads `platform.tenants` and the server's statistics, no table of a tenant. It
 * logs in by IAM through the proxy, since pods reach nothing else of the database; its queries are `sql/monitor/*.sql`.
 */
export const MONITOR = "platform_monitor";

const ID = /^[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Whole numbers that PostgreSQL and the platform take: 1,000 connections are more than any tier has, an hour any query. */
const RANGES = {
  connectionLimit: [1, 1_000],
  statementTimeoutMs: [100, 3_600_000],
  schemaVersion: [1, 9_999],
} as const satisfies Partial<Record<keyof TenantInput, readonly [number, number]>>;

/** @throws TenantDatabaseError if the names are not the tenant's own, or are the platform's */
export function parseIdentity(value: unknown): TenantIdentity {
  const fields = asObject(value, "tenant");
  const { id } = fields;
  if (typeof id !== "string" || !ID.test(id)) {
    throw invalid("tenant.id", fields["id"], "a DNS label of 3 to 40 characters");
  }
  // The function derives the name once more: a caller that could choose one would have another tenant's archived.
  const name = `tenant_${id.replaceAll("-", "_")}`;
  for (const key of ["role", "schema"] as const) {
    if (fields[key] !== name) {
      throw invalid(`tenant.${key}`, fields[key], `"${name}"`);
    }
  }
  if (name === PROVISIONER) {
    throw invalid("tenant.id", id, "an id that is not the provisioner's name");
  }
  return { id, role: name, schema: name };
}

/** @throws TenantDatabaseError naming the first value that is not allowed */
export function parseTenant(value: unknown): TenantInput {
  const identity = parseIdentity(value);
  const { state, tier, connectionLimit, statementTimeoutMs, schemaVersion } = asObject(value, "tenant");
  if (state !== "active" && state !== "suspended") {
    throw invalid("tenant.state", state, '"active" or "suspended"');
  }
  if (typeof tier !== "string" || !/^[a-z][a-z0-9-]{0,39}$/.test(tier)) {
    throw invalid("tenant.tier", tier, "the name of a tier");
  }
  return {
    ...identity,
    state,
    tier,
    connectionLimit: whole("connectionLimit", connectionLimit),
    statementTimeoutMs: whole("statementTimeoutMs", statementTimeoutMs),
    schemaVersion: whole("schemaVersion", schemaVersion),
  };
}

/** @throws TenantDatabaseError naming the first value that is not allowed */
export function parsePurge(value: unknown): PurgeInput {
  const identity = parseIdentity(value);
  const { state, retainUntil } = asObject(value, "tenant");
  if (typeof state !== "string") {
    throw invalid("tenant.state", state, "a state of tenants.json");
  }
  if (typeof retainUntil !== "string" || !DATE.test(retainUntil) || Number.isNaN(Date.parse(retainUntil))) {
    throw invalid("retainUntil", retainUntil, "a date like 2027-03-31");
  }
  return { ...identity, state, retainUntil };
}

/**
 * @param live - the live instance, whose region the source must be in: its name is what the login's token is sent to
 * @throws TenantDatabaseError naming the first value that is not allowed
 */
export function parseRestore(
  fields: Readonly<Record<string, unknown>>,
  live: { readonly host: string; readonly region: string },
): RestoreInput {
  const tenant = parseTenant(fields["tenant"]);
  const { source, requestedAt } = fields;
  const { host } = asObject(source, "source");
  const isInstance =
    typeof host === "string" && /^[a-z][a-z0-9-]{0,62}\.[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com$/.test(host);
  if (!isInstance || host.split(".")[2] !== live.region || host === live.host) {
    throw invalid("source.host", host, `the endpoint of another RDS instance in ${live.region}`);
  }
  if (typeof requestedAt !== "string" || !INSTANT.test(requestedAt) || Number.isNaN(Date.parse(requestedAt))) {
    throw invalid("requestedAt", requestedAt, "an instant like 2027-03-31T10:42:00Z");
  }
  return { tenant, sourceHost: host, requestedAt: new Date(requestedAt) };
}

/** Day of an instant in UTC: `2027-03-31`. */
export function utcDate(now: Date): string {
  return now.toISOString().slice(0, 10);
}

export function asObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(path, value, "an object");
  }
  return value as Readonly<Record<string, unknown>>;
}

export function invalid(path: string, received: unknown, allowed: string): TenantDatabaseError {
  const what = received === undefined ? "missing" : `invalid value ${JSON.stringify(received)}`;
  return new TenantDatabaseError("INVALID_INPUT", `${path}: ${what}; allowed: ${allowed}`);
}

function whole(key: keyof typeof RANGES, value: unknown): number {
  const [from, to] = RANGES[key];
  if (typeof value !== "number" || !Number.isInteger(value) || value < from || value > to) {
    throw invalid(`tenant.${key}`, value, `a whole number from ${from} to ${to}`);
  }
  return value;
}

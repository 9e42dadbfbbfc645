/** What went wrong, for callers that act on it and for alarms that count it. */
export type TenantDatabaseErrorCode =
  /** The event or the tenant in it is not what the function takes. */
  | "INVALID_INPUT"
  /** `bootstrap` has not run, or a later release of the function asks for more than it made. */
  | "NOT_BOOTSTRAPPED"
  /** The server is too old for what the caller's rights need. */
  | "UNSUPPORTED_SERVER"
  /** A role or schema of that name belongs to somebody else. */
  | "NAME_TAKEN"
  /** The schema is ahead of the version asked for, or nobody knows that version. */
  | "SCHEMA_VERSION"
  /** The tenant was purged: its id is a tombstone. */
  | "TENANT_PURGED"
  /** The tenant was never provisioned. */
  | "TENANT_UNKNOWN"
  /** A purge that the tenant's state forbids. */
  | "NOT_PURGEABLE"
  /** A purge before the end of the retention. */
  | "RETENTION"
  /** The server to restore from is not one, or does not hold the tenant whole. */
  | "RESTORE_SOURCE"
  /** Counts or checksums of the copied tables differ: nothing was swapped. */
  | "RESTORE_MISMATCH"
  /** The catalog holds something by which a tenant could reach another. */
  | "ISOLATION"
  /** PostgreSQL refused a statement; the message bears its SQLSTATE. */
  | "DATABASE_FAILED";

/** An error whose message is fit for Terraform's output and for logs: names and states, never a row or a secret. */
export class TenantDatabaseError extends Error {
  public override readonly name = "TenantDatabaseError";
  public readonly code: TenantDatabaseErrorCode;

  constructor(code: TenantDatabaseErrorCode, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    this.code = code;
  }
}

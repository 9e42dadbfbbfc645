import type { DbParameterGroupParameter } from "@cdktf/provider-aws/lib/db-parameter-group";

/**
 * Seconds that a client connection to the proxy may idle. Clients' own pools must close theirs sooner, and the database
 * later, so that neither side writes into a connection that the other has closed.
 */
export const IDLE_CLIENT_TIMEOUT_SECONDS = 1_800;

/** A parameter that takes effect at once. */
function dynamic(name: string, value: string | number): DbParameterGroupParameter {
  return { name, value: String(value), applyMethod: "immediate" };
}

/** A parameter that PostgreSQL reads at its start. */
function fixed(name: string, value: string | number): DbParameterGroupParameter {
  return { name, value: String(value), applyMethod: "pending-reboot" };
}

/** Parameters that differ from RDS's defaults or that the platform relies on. */
export const PARAMETERS: readonly DbParameterGroupParameter[] = [
  dynamic("rds.force_ssl", 1),
  // CloudTrail records no IAM login to a database; these lines are the audit.
  dynamic("log_connections", 1),
  dynamic("log_disconnections", 1),
  dynamic("log_lock_waits", 1),
  // Data definition is the tenant-database function's work alone; anything else is worth a line.
  dynamic("log_statement", "ddl"),
  // Milliseconds: the brief's bound for the 99th percentile of a whole request.
  dynamic("log_min_duration_statement", 500),
  // Values bound to a statement are tenants' data: none of them in a log.
  dynamic("log_parameter_max_length", 0),
  dynamic("log_parameter_max_length_on_error", 0),
  fixed("shared_preload_libraries", "pg_stat_statements"),
  dynamic("pg_stat_statements.track", "all"),
  // At or above the proxy's timeout. Roles of tenants have shorter statement timeouts of their own.
  dynamic("idle_in_transaction_session_timeout", IDLE_CLIENT_TIMEOUT_SECONDS * 1_000),
  // Never: idle backends are the proxy's to close.
  dynamic("idle_session_timeout", 0),
];

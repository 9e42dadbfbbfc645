import connectionLimits from "../sql/monitor/connection-limits.sql";
import connections from "../sql/monitor/connections.sql";
import schemaBytes from "../sql/monitor/schema-bytes.sql";

/** Names of the exporter's queries: the file's name below `sql/monitor`. */
export type MonitorQuery = "connections" | "connection-limits" | "schema-bytes";

/**
 * What the metrics exporter asks as `MONITOR`, one query a gauge: `tenant`, `state` and `count`; `tenant` and `count`;
 * `tenant` and `bytes`. They take no parameters. Code that esbuild and jest do not load reads the files themselves.
 */
export const MONITOR_QUERIES: Readonly<Record<MonitorQuery, string>> = {
  connections,
  "connection-limits": connectionLimits,
  "schema-bytes": schemaBytes,
};

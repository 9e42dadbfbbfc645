import { readFileSync } from "node:fs";
import { join } from "node:path";

import { DATABASE_NAME, PORTS } from "../../config";
import { MONITOR } from "../database";

/** Seconds between two scrapes of the exporter; its answers change no faster than people act on them. */
export const DATABASE_SCRAPE_SECONDS = 60;

const QUERIES = join(__dirname, "../../functions/tenant-database/sql/monitor");

/** A gauge from one query: a row is a series, its columns the labels and the value. */
interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly value: string;
  /** File below `functions/tenant-database/sql/monitor`, where it is tested against real servers. */
  readonly file: string;
}

const GAUGES: readonly Gauge[] = [
  {
    name: "sql_tenant_connections",
    help: "Sessions of a tenant at the instance, by state.",
    labels: ["tenant", "state"],
    value: "count",
    file: "connections.sql",
  },
  {
    name: "sql_tenant_connection_limit",
    help: "CONNECTION LIMIT of a tenant's role.",
    labels: ["tenant"],
    value: "count",
    file: "connection-limits.sql",
  },
  {
    name: "sql_tenant_schema_bytes",
    help: "Bytes of a tenant's schema, as PostgreSQL last estimated them.",
    labels: ["tenant"],
    value: "bytes",
    file: "schema-bytes.sql",
  },
];

/**
 * Configuration of burningalchemist/sql_exporter. The password is no part of it: the driver reads a file that is renewed
 * beside it, at each login.
 *
 * @param host - endpoint of the proxy
 */
export function databaseExporterConfig(host: string) {
  return {
    global: {
      scrape_timeout: "10s",
      // Prometheus is a pair and scrapes twice; the database answers once.
      min_interval: `${DATABASE_SCRAPE_SECONDS - 5}s`,
      max_connections: 1,
      max_idle_connections: 1,
      // A log-in now and then proves that the next one will work.
      max_connection_lifetime: "30m",
    },
    target: {
      // The proxy's certificate is of a public authority, which the image knows (RDS Proxy, TLS).
      data_source_name: `postgres://${MONITOR}@${host}:${PORTS.postgresql}/${DATABASE_NAME}?sslmode=verify-full`,
      collectors: ["tenants"],
    },
    collectors: [
      {
        collector_name: "tenants",
        metrics: GAUGES.map((gauge) => ({
          metric_name: gauge.name,
          type: "gauge",
          help: gauge.help,
          key_labels: gauge.labels,
          values: [gauge.value],
          // A prepared statement pins the session to one connection of the proxy (RDS Proxy, pinning).
          no_prepared_statement: true,
          query: readFileSync(join(QUERIES, gauge.file), "utf8"),
        })),
      },
    ],
  };
}

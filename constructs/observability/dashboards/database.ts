import { DATABASE_ALARM_BOUNDS, proxyName } from "../../database";
import { RECORDED } from "../rules";
import { USE_BOUNDS } from "./bounds";
import { dashboardJson, type Section } from "./dashboard";
import { LEGENDS } from "./legends";
import { PLATFORM_TAG } from "./links";
import { graph, ranking } from "./panels";
import { highest } from "./promql";
import { type CloudWatchMetric, fromRds, now, overTime } from "./sources";

/**
 * Proxy and instance as CloudWatch sees them, and each tenant's share of both as PostgreSQL itself counts it.
 *
 * @param name - the database's: its instance's identifier
 */
export function databaseDashboard(name: string): string {
  return dashboardJson({
    uid: "database",
    title: "Database",
    description: "RDS Proxy's pool, the PostgreSQL instance behind it, and what each tenant's role and schema take.",
    tags: [PLATFORM_TAG],
    sections: [proxy(proxyName(name)), instance(name), tenants()],
  });
}

function proxy(name: string): Section {
  const dimensions = { ProxyName: name };
  /** Each of the hosts that serve the proxy publishes its own share of a count. */
  const sumOfProxy = (legend: string, metric: string): CloudWatchMetric => ({
    legend,
    metric,
    statistic: "Sum",
    dimensions,
  });
  const connections = sumOfProxy("connections", "DatabaseConnections");
  return {
    id: 101,
    title: "RDS Proxy",
    lines: [
      {
        panels: [
          graph({
            id: 1,
            title: "Connections to the instance",
            question: "Does the pool run dry? At 70 % of its limit an alarm goes out.",
            unit: "short",
            limit: LEGENDS.limit,
            source: fromRds(connections, sumOfProxy(LEGENDS.limit, "MaxDatabaseConnectionsAllowed")),
          }),
          graph({
            id: 2,
            title: "Pinned connections",
            question: "Which share of the pool serves one client only, because its session has state?",
            unit: "percentunit",
            bounds: { critical: DATABASE_ALARM_BOUNDS.pinnedPercent / 100 },
            source: fromRds({
              legend: "pinned",
              part: sumOfProxy("pinned", "DatabaseConnectionsCurrentlySessionPinned"),
              whole: connections,
            }),
          }),
          graph({
            id: 3,
            title: "Wait for a connection, P95",
            question: "Do clients queue for the pool?",
            unit: "µs",
            bounds: { critical: DATABASE_ALARM_BOUNDS.borrowLatencyMicroseconds },
            source: fromRds({
              legend: "P95",
              metric: "DatabaseConnectionsBorrowLatency",
              statistic: "p95",
              dimensions,
            }),
          }),
        ],
      },
      {
        panels: [
          graph({
            id: 4,
            title: "Failed logins a minute",
            question: "Whose login fails: a client's at the proxy (its IAM role), or the proxy's at the instance?",
            unit: "short",
            source: fromRds(
              sumOfProxy("clients", "ClientConnectionsSetupFailedAuth"),
              sumOfProxy("proxy", "DatabaseConnectionsSetupFailed"),
            ),
          }),
          graph({
            id: 5,
            title: "Availability",
            question: "Was the instance there for the proxy, for instance during a failover?",
            unit: "percent",
            source: fromRds({
              legend: "available",
              metric: "AvailabilityPercentage",
              statistic: "Average",
              // What the proxy says of its targets (RDS user guide, RDS Proxy metrics).
              dimensions: { ...dimensions, TargetGroup: "default", TargetRole: "READ_WRITE" },
            }),
          }),
          graph({
            id: 6,
            title: "Client connections",
            question: "How many clients share the pool?",
            unit: "short",
            source: fromRds(sumOfProxy("clients", "ClientConnections")),
          }),
        ],
      },
    ],
  };
}

function instance(identifier: string): Section {
  const ofInstance = (
    legend: string,
    metric: string,
    statistic: CloudWatchMetric["statistic"] = "Average",
  ): CloudWatchMetric => ({ legend, metric, statistic, dimensions: { DBInstanceIdentifier: identifier } });
  return {
    id: 102,
    title: "PostgreSQL instance",
    lines: [
      {
        panels: [
          graph({
            id: 7,
            title: "CPU",
            question: "Is the instance class large enough?",
            unit: "percent",
            bounds: { critical: DATABASE_ALARM_BOUNDS.cpuPercent },
            source: fromRds(ofInstance("CPU", "CPUUtilization")),
          }),
          graph({
            id: 8,
            title: "Free memory and storage",
            question: "Does either run out?",
            unit: "bytes",
            source: fromRds(ofInstance("memory", "FreeableMemory"), ofInstance("storage", "FreeStorageSpace")),
          }),
          graph({
            id: 9,
            title: "Connections",
            question: "How many backends are there, those past the proxy included?",
            unit: "short",
            source: fromRds(ofInstance("connections", "DatabaseConnections", "Maximum")),
          }),
          graph({
            id: 10,
            title: "Sessions that work or wait",
            question: "Is the database busy, and is it more than its CPUs can run at once?",
            unit: "short",
            source: fromRds(ofInstance("sessions", "DBLoad")),
          }),
        ],
      },
    ],
  };
}

function tenants(): Section {
  return {
    id: 103,
    title: "Tenants",
    lines: [
      {
        panels: [
          ranking({
            id: 11,
            title: "Fullest roles",
            question: "Whose role is at its connection limit?",
            unit: "percentunit",
            bounds: USE_BOUNDS,
            source: now({ [LEGENDS.tenant]: highest(RECORDED.tenantDatabaseConnections) }),
          }),
          ranking({
            id: 12,
            title: "Largest schemas",
            question: "Who stores most?",
            unit: "bytes",
            source: now({ "{{tenant}}": highest("max by(tenant)(sql_tenant_schema_bytes)") }),
          }),
          graph({
            id: 13,
            title: "Connections by state",
            question: "Do connections work, or sit idle in a transaction and hold their locks?",
            unit: "short",
            stacked: true,
            source: overTime({ "{{state}}": "sum by(state)(sql_tenant_connections)" }),
          }),
          graph({
            id: 14,
            title: "All schemas",
            question: "How fast does the data grow?",
            unit: "bytes",
            source: overTime({ schemas: "sum(sql_tenant_schema_bytes)" }),
          }),
        ],
      },
    ],
  };
}

import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbEventSubscription } from "@cdktf/provider-aws/lib/db-event-subscription";
import { Construct } from "constructs";

export interface DatabaseAlarmsProps {
  /** The database's, with which the alarms' names begin. */
  readonly name: string;
  readonly instance: DbInstance;
  readonly proxyName: string;
  /** The tenant-database function. */
  readonly functionName: string;
  /** Storage at rest, in GiB. */
  readonly allocatedStorageGib: number;
  /** Whether the instance follows another. */
  readonly replicates: boolean;
  /** Topic that alarms and events go to. */
  readonly topicArn: string;
}

/** Where alarms about load begin; the dashboards show the same. */
export const DATABASE_ALARM_BOUNDS = {
  /** Per cent of the proxy's connections that are pinned to one client. */
  pinnedPercent: 10,
  /** Microseconds that clients wait for a connection, 95th percentile. */
  borrowLatencyMicroseconds: 100_000,
  /** Per cent of the instance's CPU. */
  cpuPercent: 80,
} as const;

const GIB = 1024 ** 3;

/**
 * Seconds that a replica may lag: what would be lost with the other region. Of an idle source a replica says up to five
 * minutes, since RDS ends a segment of the log every five (RDS user guide, PostgreSQL read replicas); twice that is a lag.
 */
const REPLICA_LAG_SECONDS = 600;

/** What an alarm watches: a metric or a ratio of two, against a bound. */
interface Alarm {
  readonly name: string;
  /** What is wrong when it fires, for the person who is woken. */
  readonly description: string;
  /** Page below `docs/runbooks`. */
  readonly runbook: "database-connections.md" | "database-login-failures.md" | "replica-lag.md";
  readonly queries: CloudwatchMetricAlarmMetricQuery[];
  readonly comparison: "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  /** Minutes in a row that breach. */
  readonly minutes: number;
  /** How a minute without data counts. A proxy publishes nothing while nobody connects. */
  readonly missing: "notBreaching" | "missing" | "breaching";
}

/** Alarms on the proxy's pool, the instance's limits and the function's failures, and RDS's own events, in one topic. */
export class DatabaseAlarms extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseAlarmsProps) {
    super(scope, id);
    const alarms = [
      ...proxyAlarms(props.proxyName),
      ...instanceAlarms(props),
      ...functionAlarms(props.functionName),
      ...(props.replicates ? [lagAlarm(props.instance.identifier)] : []),
    ];
    for (const alarm of alarms) {
      new CloudwatchMetricAlarm(this, alarm.name, {
        alarmName: `${props.name}-database-${alarm.name}`,
        alarmDescription: `${alarm.description} See docs/runbooks/${alarm.runbook}.`,
        comparisonOperator: alarm.comparison,
        threshold: alarm.threshold,
        evaluationPeriods: alarm.minutes,
        treatMissingData: alarm.missing,
        metricQuery: alarm.queries,
        alarmActions: [props.topicArn],
        okActions: [props.topicArn],
      });
    }
    this.subscribe("instance-events", "db-instance", props, props.instance.identifier, [
      "availability",
      "failover",
      "failure",
      "low storage",
      "maintenance",
      "notification",
      // RDS-EVENT-0045 and 0057: replication has stopped.
      ...(props.replicates ? ["read replica"] : []),
      "recovery",
    ]);
    // Among them RDS-EVENT-0243: too few free addresses for the proxy to scale.
    this.subscribe("proxy-events", "db-proxy", props, props.proxyName, ["configuration change", "failure"]);
  }

  private subscribe(
    id: string,
    sourceType: string,
    { name, topicArn }: DatabaseAlarmsProps,
    sourceId: string,
    categories: string[],
  ): void {
    new DbEventSubscription(this, id, {
      name: `${name}-database-${id}`,
      snsTopic: topicArn,
      sourceType,
      sourceIds: [sourceId],
      eventCategories: categories,
    });
  }
}

function proxyAlarms(proxyName: string): Alarm[] {
  const missing = "notBreaching";
  const dimensions = { ProxyName: proxyName };
  return [
    {
      name: "proxy-connections",
      description: "The proxy uses over 70 % of its connections: look for a pinned or busy tenant, or a larger class.",
      runbook: "database-connections.md",
      queries: percentage("DatabaseConnections", "MaxDatabaseConnectionsAllowed", dimensions),
      comparison: "GreaterThanThreshold",
      threshold: 70,
      minutes: 5,
      missing,
    },
    {
      name: "proxy-pinning",
      description: "Over 10 % of the proxy's connections are pinned to one client: some service sets session state.",
      runbook: "database-connections.md",
      queries: percentage("DatabaseConnectionsCurrentlySessionPinned", "DatabaseConnections", dimensions),
      comparison: "GreaterThanThreshold",
      threshold: DATABASE_ALARM_BOUNDS.pinnedPercent,
      minutes: 15,
      missing,
    },
    {
      name: "proxy-borrow-latency",
      description: "Clients wait over 100 ms for a connection (95th percentile), a fifth of what a request may take.",
      runbook: "database-connections.md",
      queries: metric("DatabaseConnectionsBorrowLatency", "p95", dimensions),
      comparison: "GreaterThanThreshold",
      threshold: DATABASE_ALARM_BOUNDS.borrowLatencyMicroseconds,
      minutes: 5,
      missing,
    },
    {
      name: "proxy-failed-authentication",
      description: "Clients fail to log in at the proxy: check the tenant's role, its association and its user's name.",
      runbook: "database-login-failures.md",
      queries: metric("ClientConnectionsSetupFailedAuth", "Sum", dimensions),
      comparison: "GreaterThanThreshold",
      // A new association takes some seconds to be known everywhere; a starting pod fails a few times.
      threshold: 5,
      minutes: 5,
      missing,
    },
    {
      name: "proxy-failed-backends",
      description: "The proxy fails to log in at the instance: check its role and that users are members of rds_iam.",
      runbook: "database-login-failures.md",
      queries: metric("DatabaseConnectionsSetupFailed", "Sum", dimensions),
      comparison: "GreaterThanThreshold",
      threshold: 5,
      minutes: 5,
      missing,
    },
  ];
}

function instanceAlarms({ instance, allocatedStorageGib }: DatabaseAlarmsProps): Alarm[] {
  const missing = "missing";
  const dimensions = { DBInstanceIdentifier: instance.identifier };
  const average = (metricName: string) => metric(metricName, "Average", dimensions);
  return [
    {
      name: "cpu",
      description: "The database's CPU is above 80 % for a quarter of an hour: see the load by user.",
      runbook: "database-connections.md",
      queries: average("CPUUtilization"),
      comparison: "GreaterThanThreshold",
      threshold: DATABASE_ALARM_BOUNDS.cpuPercent,
      minutes: 15,
      missing,
    },
    {
      name: "free-storage",
      description: "Under 10 % of the database's storage is free: autoscaling has reached its end or lags behind.",
      runbook: "database-connections.md",
      queries: average("FreeStorageSpace"),
      comparison: "LessThanThreshold",
      threshold: 0.1 * allocatedStorageGib * GIB,
      minutes: 15,
      missing,
    },
    {
      name: "freeable-memory",
      description: "Under 1 GiB of memory is left; IAM logins alone may need that much (RDS user guide).",
      runbook: "database-connections.md",
      queries: average("FreeableMemory"),
      comparison: "LessThanThreshold",
      threshold: GIB,
      minutes: 15,
      missing,
    },
    {
      name: "iam-throttling",
      description:
        "IAM refuses logins for their number: over 200 a second, as after a failover or a restart of all pods.",
      runbook: "database-login-failures.md",
      queries: metric("IamDbAuthConnectionFailureThrottling", "Sum", dimensions),
      comparison: "GreaterThanThreshold",
      threshold: 0,
      minutes: 1,
      missing: "notBreaching",
    },
  ];
}

function lagAlarm(identifier: string): Alarm {
  return {
    name: "replica-lag",
    description: "The replica lags by over ten minutes: so much would be lost with the other region.",
    runbook: "replica-lag.md",
    queries: metric("ReplicaLag", "Maximum", { DBInstanceIdentifier: identifier }),
    comparison: "GreaterThanThreshold",
    threshold: REPLICA_LAG_SECONDS,
    minutes: 5,
    // A replica that says nothing may lag by anything.
    missing: "breaching",
  };
}

/** A function that nobody invokes publishes nothing. */
function functionAlarms(functionName: string): Alarm[] {
  const missing = "notBreaching";
  const sum = (metricName: string) => metric(metricName, "Sum", { FunctionName: functionName }, "AWS/Lambda");
  return [
    {
      name: "function-errors",
      description: "A tenant's role or schema could not be made or archived: its error is in the function's log.",
      runbook: "database-login-failures.md",
      queries: sum("Errors"),
      comparison: "GreaterThanThreshold",
      threshold: 0,
      minutes: 1,
      missing,
    },
    {
      name: "function-throttles",
      description: "Invocations have waited for a free one for a quarter of an hour: do they hang in the database?",
      runbook: "database-login-failures.md",
      queries: sum("Throttles"),
      comparison: "GreaterThanThreshold",
      threshold: 0,
      // Many tenants at once are throttled for a while, and Terraform asks again: that is what the bound is for.
      minutes: 15,
      missing,
    },
  ];
}

function metric(
  metricName: string,
  stat: string,
  dimensions: Record<string, string>,
  namespace = "AWS/RDS",
): CloudwatchMetricAlarmMetricQuery[] {
  return [{ id: "value", returnData: true, metric: { namespace, metricName, stat, period: 60, dimensions } }];
}

/** Both are sums: each of the hosts that serve the proxy publishes its own share. */
function percentage(
  part: string,
  whole: string,
  dimensions: Record<string, string>,
): CloudwatchMetricAlarmMetricQuery[] {
  const operand = (id: string, metricName: string) =>
    metric(metricName, "Sum", dimensions).map((query) => ({ ...query, id, returnData: false }));
  return [
    { id: "percentage", expression: "100 * part / whole", label: `${part} / ${whole} (%)`, returnData: true },
    ...operand("part", part),
    ...operand("whole", whole),
  ];
}

/** What AWS publishes about one resource: names of metrics, and the sets of dimensions that each comes with. */
export interface PublishedMetric {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const PROXY = { ProxyName: "taskflow-proxy" };
const ENDPOINT = { ...PROXY, EndpointName: "taskflow-proxy" };
const TARGET = { ...PROXY, TargetGroup: "default", Target: "taskflow" };
const ROLE = { ...PROXY, TargetGroup: "default", TargetRole: "READ_WRITE" };
const INSTANCE = { DBInstanceIdentifier: "taskflow" };

/** RDS user guide, "Monitoring RDS Proxy metrics with Amazon CloudWatch" and "CloudWatch metrics for Amazon RDS". */
const METRICS: readonly (readonly [sets: readonly Readonly<Record<string, string>>[], names: readonly string[]])[] = [
  [[ROLE], ["AvailabilityPercentage"]],
  [
    [PROXY, ENDPOINT],
    [
      "ClientConnections",
      "ClientConnectionsClosed",
      "ClientConnectionsNoTLS",
      "ClientConnectionsReceived",
      "ClientConnectionsSetupFailedAuth",
      "ClientConnectionsSetupSucceeded",
      "ClientConnectionsTLS",
      "DatabaseConnectionsBorrowLatency",
      "QueryRequests",
      "QueryResponseLatency",
    ],
  ],
  [
    [PROXY, TARGET, ROLE],
    [
      "DatabaseConnectionRequests",
      "DatabaseConnections",
      "DatabaseConnectionsCurrentlyBorrowed",
      "DatabaseConnectionsCurrentlyInTransaction",
      "DatabaseConnectionsCurrentlySessionPinned",
      "DatabaseConnectionsSetupFailed",
      "DatabaseConnectionsSetupSucceeded",
      "MaxDatabaseConnectionsAllowed",
      "QueryDatabaseResponseLatency",
    ],
  ],
  [
    [INSTANCE],
    [
      "BurstBalance",
      "CPUUtilization",
      "DatabaseConnections",
      "DBLoad",
      "DBLoadCPU",
      "DBLoadNonCPU",
      "DiskQueueDepth",
      "FreeStorageSpace",
      "FreeableMemory",
      "MaximumUsedTransactionIDs",
      "ReadIOPS",
      "ReadLatency",
      "ReplicaLag",
      "SwapUsage",
      "WriteIOPS",
      "WriteLatency",
    ],
  ],
];

/** Every metric of the proxy and the instance with each of its sets of dimensions. */
export const RDS_METRICS: readonly PublishedMetric[] = METRICS.flatMap(([sets, names]) =>
  names.flatMap((name) => sets.map((dimensions) => ({ name, dimensions }))),
);

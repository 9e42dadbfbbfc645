/**
 * Windows that rates are recorded over. A burn rate is read over a long and a short one (Google, "The Site Reliability
 * Workbook", chapter 5, table 5-8).
 */
export const WINDOWS = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"] as const;

export type Window = (typeof WINDOWS)[number];

/** Seconds in each window. */
export const WINDOW_SECONDS: { readonly [window in Window]: number } = {
  "5m": 300,
  "30m": 1_800,
  "1h": 3_600,
  "2h": 7_200,
  "6h": 21_600,
  "1d": 86_400,
  "3d": 259_200,
};

/** Names of one rate by the window that it is taken over. */
export type Rates = { readonly [window in Window]: string };

/** `<level>:<metric>:rate<window>` by window. */
function rates(level: "tenant" | "tier", metric: string): Rates {
  return Object.fromEntries(WINDOWS.map((window) => [window, `${level}:${metric}:rate${window}`])) as Rates;
}

/**
 * Names of recorded series, `level:metric:operation` (Prometheus, "Recording rules"), shared by all tenants. Series of a
 * tenant bear `tenant` and `tier`; where an alert reads them, also `alerts`: whom it reaches, `page` or `ticket`.
 */
export const RECORDED = {
  /** 1 for each tenant: `tenant`, `tier`, `alerts`, `state`, `namespace`. */
  tenantInfo: "tenant:info",

  /** Requests a second by `tenant`, `tier`, `alerts`, counted at the gateway. */
  tenantRequests: rates("tenant", "requests"),
  /** Those answered with 5xx. */
  tenantErrors: rates("tenant", "errors"),
  /** Those that took longer than 500 ms. */
  tenantSlow: rates("tenant", "slow"),
  /** Those that the rate limit refused. */
  tenantThrottled: "tenant:throttled:rate5m",
  /** Requests a second by `tenant`, `tier`, `alerts` and duration, `le` in milliseconds. */
  tenantLatencyBuckets: "tenant:latency_milliseconds_bucket:rate5m",
  /** Milliseconds by `tenant`, `tier`, `alerts`. */
  tenantLatency: {
    p50: "tenant:latency_milliseconds:p50_5m",
    p95: "tenant:latency_milliseconds:p95_5m",
    p99: "tenant:latency_milliseconds:p99_5m",
  },

  /** The same by `tier` alone. */
  tierRequests: rates("tier", "requests"),
  tierErrors: rates("tier", "errors"),
  tierSlow: rates("tier", "slow"),
  tierLatencyP99: "tier:latency_milliseconds:p99_5m",
  /** Share of a tier's requests that may fail, and that may be slow, 0 to 1, by `tier`: its objectives. */
  tierErrorBudget: "tier:error_budget:ratio",
  tierSlowBudget: "tier:slow_budget:ratio",

  /** Used share of each `resource` of the quota, 0 to 1, by `tenant`, `tier`, `alerts`. */
  tenantQuota: "tenant:quota:ratio",
  /** By `tenant`, `tier`. */
  tenantCpuRequested: "tenant:cpu_requested:cores",
  tenantCpuUsed: "tenant:cpu_used:cores5m",
  tenantMemoryRequested: "tenant:memory_requested:bytes",
  tenantMemoryUsed: "tenant:memory_used:bytes",

  /** Milliseconds, all tenants together: what clients wait for, and what the tenants' pods take of it. */
  gatewayLatencyP99: "gateway:latency_milliseconds:p99_5m",
  upstreamLatencyP99: "gateway:upstream_latency_milliseconds:p99_5m",
  /** Server errors a second at the gateway, all tenants together, by `response_flags`. */
  gatewayErrors: "gateway:errors:rate5m",
  /** Connections that one gateway pod may open to one service, by `tier`. */
  poolLimit: "tier:pool_connections:limit",
  /** Open connections of the worst gateway pod as a share of the tier's pool, 0 to 1, by `tenant`, `service`, `tier`. */
  poolConnections: "gateway:pool_connections:ratio",
  /** Requests that wait for a connection in the worst gateway pod, by `tenant`, `service`. */
  poolPending: "gateway:pool_pending:max",
  /** Requests a second that found a full pool, over all gateway pods, by `tenant`, `service`. */
  poolOverflow: "gateway:pool_overflow:rate5m",
  /** Open connections of each gateway `pod` to all services: one series for the thousands that a graph of hours would sum. */
  upstreamConnections: "gateway:upstream_connections:sum",

  /** Database connections as a share of the role's limit, 0 to 1, by `tenant`, `tier`, `alerts`. */
  tenantDatabaseConnections: "tenant:database_connections:ratio",
} as const;

/** Every recorded name, sorted. */
export function recordedNames(): readonly string[] {
  return Object.values(RECORDED)
    .flatMap((entry) => (typeof entry === "string" ? [entry] : Object.values(entry)))
    .sort();
}

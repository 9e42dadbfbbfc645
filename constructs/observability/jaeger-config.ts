import { PORTS, type SavingsSettings } from "../../config";
import { OBSERVABILITY_PORTS } from "./services";
import { traceSampling } from "./trace-sampling";

/** Where Jaeger's volume is mounted. */
export const TRACE_DIRECTORY = "/badger";

/** Days that a trace is kept; as long as the metrics beside it. */
export const TRACE_RETENTION_DAYS = 7;

/** Port of the health check that the chart's probes ask. */
const HEALTH_PORT = 13_133;

const STORE = "badger";
const ALL_ADDRESSES = "0.0.0.0";

/**
 * Jaeger's own configuration, an OpenTelemetry Collector's. It stands for the chart's default, which keeps traces in memory
 * and loses them with the pod. Only OTLP over gRPC comes in: the mesh's proxies speak nothing else.
 */
export function jaegerConfig(keptPercent: SavingsSettings["tracesKeptPercent"]) {
  return {
    service: {
      extensions: ["jaeger_storage", "jaeger_query", "healthcheckv2"],
      pipelines: {
        traces: {
          receivers: ["otlp"],
          processors: ["memory_limiter", "tail_sampling", "batch"],
          exporters: ["jaeger_storage_exporter"],
        },
      },
      telemetry: {
        resource: { "service.name": "jaeger" },
        metrics: {
          level: "normal",
          readers: [
            {
              pull: { exporter: { prometheus: { host: ALL_ADDRESSES, port: OBSERVABILITY_PORTS.jaegerMetrics } } },
            },
          ],
        },
        logs: { level: "info" },
      },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: `${ALL_ADDRESSES}:${HEALTH_PORT}` } },
      jaeger_storage: {
        backends: {
          [STORE]: {
            badger: {
              directories: { keys: `${TRACE_DIRECTORY}/keys`, values: `${TRACE_DIRECTORY}/values` },
              ephemeral: false,
              ttl: { spans: `${TRACE_RETENTION_DAYS * 24}h` },
            },
          },
        },
      },
      jaeger_query: {
        storage: { traces: STORE },
        http: { endpoint: `${ALL_ADDRESSES}:${OBSERVABILITY_PORTS.jaegerQuery}` },
      },
    },
    receivers: {
      otlp: { protocols: { grpc: { endpoint: `${ALL_ADDRESSES}:${PORTS.otlpGrpc}` } } },
    },
    processors: {
      // Refuses spans before the kernel kills the process; a proxy drops what it cannot send.
      memory_limiter: { check_interval: "1s", limit_percentage: 75, spike_limit_percentage: 20 },
      tail_sampling: traceSampling(keptPercent),
      batch: {},
    },
    exporters: { jaeger_storage_exporter: { trace_storage: STORE } },
  };
}

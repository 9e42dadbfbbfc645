import { Monitors } from "../../../constructs/observability";
import type {
  PodMonitorSpec,
  RelabelConfig,
  ServiceMonitorSpec,
} from "../../../constructs/observability/monitoring-objects";
import { synthInCluster } from "../../support/synth";
import { release, relabel } from "./support";

interface ObjectJson {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: PodMonitorSpec;
}

const json = synthInCluster((scope) => {
  new Monitors(scope, "monitors", { dependsOn: [] });
});
const objects = release(json, "platform-monitors").values["manifests"] as ObjectJson[];

function spec(name: string): PodMonitorSpec {
  const found = objects.find((object) => object.metadata.name === name);
  if (!found) {
    throw new Error(`no monitor ${name}`);
  }
  return found.spec;
}

const endpoint = (name: string) => {
  const [first] = spec(name).podMetricsEndpoints;
  if (!first) {
    throw new Error(`${name} has no endpoint`);
  }
  return first;
};
const targets = (name: string): readonly RelabelConfig[] => endpoint(name).relabelings ?? [];
const metrics = (name: string): readonly RelabelConfig[] => endpoint(name).metricRelabelings ?? [];

const PROXY = {
  __meta_kubernetes_pod_container_name: "istio-proxy",
  __meta_kubernetes_pod_ip: "10.0.129.7",
  __meta_kubernetes_namespace: "tenant-acme-corp",
  __meta_kubernetes_pod_label_taskflow_io_service: "task-service",
};

describe("Monitors", () => {
  test("one PodMonitor finds the sidecars of every namespace, of tenants to come too", () => {
    expect(spec("mesh-sidecars").namespaceSelector).toEqual({ any: true });
    expect(endpoint("mesh-sidecars").path).toBe("/stats/prometheus");
  });

  test("a pod with a proxy is one target, at the agent's merged metrics", () => {
    expect(relabel(PROXY, targets("mesh-sidecars"))).toMatchObject({
      __address__: "10.0.129.7:15020",
      tenant: "acme-corp",
      service: "task-service",
    });
    expect(
      relabel({ ...PROXY, __meta_kubernetes_pod_container_name: "task-service" }, targets("mesh-sidecars")),
    ).toBeUndefined();
  });

  test("a pod of the platform has no tenant", () => {
    const labels = relabel({ ...PROXY, __meta_kubernetes_namespace: "shared-services" }, targets("mesh-sidecars"));
    expect(labels).not.toHaveProperty("tenant");
  });

  test("a tenant's metrics run dry long before they harm others; gateways may bring all tenants' at once", () => {
    expect(spec("mesh-sidecars").sampleLimit).toBe(2_000);
    expect(spec("mesh-gateways").sampleLimit).toBe(100_000);
    expect(spec("mesh-sidecars").selector.matchExpressions).toEqual([
      { key: "istio", operator: "NotIn", values: ["ingressgateway"] },
    ]);
    expect(spec("mesh-gateways").selector.matchLabels).toEqual({ istio: "ingressgateway" });
    expect(spec("mesh-gateways").namespaceSelector).toEqual({ matchNames: ["istio-ingress"] });
  });

  test.each([
    ["istio_requests_total", { reporter: "source" }],
    ["istio_request_duration_milliseconds_bucket", { reporter: "destination", le: "500.0" }],
    ["istio_request_duration_milliseconds_bucket", { reporter: "destination", le: "+Inf" }],
    ["istio_request_duration_milliseconds_count", { reporter: "source" }],
    ["envoy_cluster_upstream_cx_active", {}],
    ["envoy_cluster_upstream_rq_pending_overflow", {}],
    ["envoy_cluster_ratelimit_over_limit", {}],
    ["envoy_http_local_rate_limiter_http_local_rate_limit_enforced", {}],
    ["istio_agent_cert_expiry_seconds", {}],
    ["taskflow_tasks_created_total", {}],
  ])("a sidecar's %s %p is kept", (name, labels) => {
    const kept = relabel({ __name__: name, tenant: "acme-corp", ...labels }, metrics("mesh-sidecars"));
    expect(kept).toEqual({ __name__: name, tenant: "acme-corp", ...labels });
  });

  test.each([
    ["istio_request_bytes_bucket", { reporter: "destination", le: "1.0" }],
    ["istio_response_bytes_sum", { reporter: "destination" }],
    ["istio_request_duration_milliseconds_bucket", { reporter: "destination", le: "0.5" }],
    ["istio_request_duration_milliseconds_bucket", { reporter: "destination", le: "1.0" }],
    ["istio_request_duration_milliseconds_bucket", { reporter: "destination", le: "3.6e+06" }],
    ["istio_request_duration_milliseconds_bucket", { reporter: "source", le: "500.0" }],
    ["envoy_cluster_upstream_rq_total", {}],
    ["istio_agent_process_cpu_seconds_total", {}],
  ])("a sidecar's %s %p is dropped", (name, labels) => {
    expect(relabel({ __name__: name, tenant: "acme-corp", ...labels }, metrics("mesh-sidecars"))).toBeUndefined();
  });

  test("a gateway keeps the durations that it sees as a client: tenants are measured by them", () => {
    const bucket = { __name__: "istio_request_duration_milliseconds_bucket", reporter: "source", le: "500.0" };
    expect(relabel(bucket, metrics("mesh-gateways"))).toEqual(bucket);
  });

  test("a series of the database's exporter is its tenant's, and goes on when the pod is another", () => {
    const monitor = objects.find((object) => object.metadata.name === "database-exporter");
    const { endpoints } = monitor?.spec as unknown as ServiceMonitorSpec;
    const labels = {
      job: "database-exporter",
      pod: "database-exporter-1",
      instance: "10.0.129.7:9399",
      endpoint: "http",
    };
    expect(
      relabel({ ...labels, service: "database-exporter", namespace: "observability" }, endpoints[0]?.relabelings ?? []),
    ).toEqual({ job: "database-exporter", instance: "taskflow" });
    expect(endpoints[0]?.interval).toBe("60s");
  });

  test("istiod, cert-manager, Jaeger, Kiali and the database's exporter are scraped as well, each with a limit", () => {
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      "PodMonitor mesh-sidecars",
      "PodMonitor mesh-gateways",
      "ServiceMonitor istiod",
      "PodMonitor cert-manager",
      "ServiceMonitor jaeger",
      "PodMonitor kiali",
      "ServiceMonitor database-exporter",
    ]);
    expect(objects.every((object) => object.spec.sampleLimit > 0)).toBe(true);
    expect(objects.every((object) => object.metadata.namespace === "observability")).toBe(true);
  });
});

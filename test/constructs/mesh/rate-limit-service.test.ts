import { rateLimitRules } from "../../../constructs/mesh/rate-limit-rules";
import { RateLimitService } from "../../../constructs/mesh/rate-limit-service";
import { onlyResource, synthInCluster } from "../../support/synth";
import { type Json, specOf } from "./support";

describe("RateLimitService", () => {
  const json = synthInCluster(
    (scope) => new RateLimitService(scope, "service", { storeAddress: "store.example:6379", dependsOn: [] }),
  );
  const deployment = onlyResource(json, "kubernetes_deployment_v1");
  const template: Json = deployment["spec"].template;
  const container: Json = template.spec.container[0];
  const environment = Object.fromEntries(
    container.env.map((variable: { name: string; value: string }) => [variable.name, variable.value]),
  );

  test("two replicas, of which at most one is missing", () => {
    expect(deployment["spec"].replicas).toBe("2");
    expect(onlyResource(json, "kubernetes_pod_disruption_budget_v1")["spec"]).toEqual({
      max_unavailable: "1",
      selector: { match_labels: { "taskflow.io/service": "ratelimit" } },
    });
  });

  test("is taken out when it has lost its store", () => {
    expect(environment["REDIS_HEALTH_CHECK_ACTIVE_CONNECTION"]).toBe("true");
  });

  test("writes its statistics to one sink: with two it ends at once", () => {
    expect(environment).toMatchObject({ USE_PROMETHEUS: "true", USE_STATSD: "false" });
    expect(container.readiness_probe).toEqual({
      http_get: { path: "/healthcheck", port: "8080" },
      period_seconds: 2,
      failure_threshold: 2,
    });
  });

  test("reaches the store directly, over verified TLS", () => {
    expect(environment).toMatchObject({ REDIS_URL: "store.example:6379", REDIS_TLS: "true" });
    expect(environment).not.toHaveProperty("REDIS_TLS_SKIP_HOSTNAME_VERIFICATION");
    expect(template.metadata.annotations["traffic.sidecar.istio.io/excludeOutboundPorts"]).toBe("53,6379");
  });

  test("reads its rules from the mounted ConfigMap, also when they change", () => {
    expect(environment).toMatchObject({
      RUNTIME_ROOT: "/data",
      RUNTIME_SUBDIRECTORY: "ratelimit",
      RUNTIME_WATCH_ROOT: "false",
      RUNTIME_IGNOREDOTFILES: "true",
    });
    expect(container.volume_mount).toEqual([{ name: "rules", mount_path: "/data/ratelimit/config", read_only: true }]);
    expect(JSON.parse(onlyResource(json, "kubernetes_config_map_v1")["data"]["gateway.yaml"])).toEqual(
      rateLimitRules(),
    );
  });

  test("listens as gRPC where the gateway's filter looks for it", () => {
    expect(onlyResource(json, "kubernetes_service_v1")["spec"]).toEqual({
      type: "ClusterIP",
      selector: { "taskflow.io/service": "ratelimit" },
      port: [{ name: "grpc", port: 8081, target_port: "8081", protocol: "TCP", app_protocol: "grpc" }],
    });
  });

  test("keeps connections open, which the mesh's fallback rule would not", () => {
    const rule = specOf(json, "DestinationRule");
    expect(rule.exportTo).toContain("istio-ingress");
    expect(rule.trafficPolicy.connectionPool.http).not.toHaveProperty("maxRequestsPerConnection");
  });

  test("runs a pinned image without root, privileges, a writable file system or an API token", () => {
    expect(container.image).toMatch(/^docker\.io\/envoyproxy\/ratelimit:[0-9a-f]{8}$/);
    expect(container.security_context).toEqual({
      allow_privilege_escalation: false,
      read_only_root_filesystem: true,
      privileged: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(template.spec).toMatchObject({
      automount_service_account_token: false,
      security_context: { run_as_non_root: true, seccomp_profile: { type: "RuntimeDefault" } },
    });
  });
});

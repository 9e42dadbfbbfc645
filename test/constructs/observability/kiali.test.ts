import { Kiali } from "../../../constructs/observability";
import { onlyResource, type ResourceJson, synthInCluster } from "../../support/synth";
import { edges, release } from "./support";

const json = synthInCluster((scope) => {
  new Kiali(scope, "kiali", { nodeSubnetCidrs: ["10.0.128.0/20"] });
});
const { resource, values } = release(json, "kiali");

describe("Brief: Kiali, Jaeger, Prometheus, Grafana – Kiali", () => {
  test("asks each person for a token and lets nobody change the mesh", () => {
    expect(values["auth"].strategy).toBe("token");
    expect(values["deployment"].view_only_mode).toBe(true);
  });

  test("never lets anyone in unasked, and shows each person the namespaces that Kubernetes lets them see", () => {
    expect(JSON.stringify(values)).not.toContain("anonymous");
    // The chart's default is the whole mesh; no selector narrows it, so that a new tenant's namespace is in it.
    expect(values["deployment"]).not.toHaveProperty("cluster_wide_access");
    expect(values["deployment"]).not.toHaveProperty("discovery_selectors");
  });

  test("lives in istiod's namespace, whose debug endpoints refuse others", () => {
    expect(resource["namespace"]).toBe("istio-system");
  });

  test("may not read logs", () => {
    expect(values["kiali_feature_flags"].disabled_features).toEqual(["logs-tab"]);
  });

  test("finds Prometheus, Grafana and Jaeger", () => {
    const services = values["external_services"];
    expect(services.prometheus.url).toBe(
      "http://kube-prometheus-stack-prometheus.observability.svc.cluster.local:9090",
    );
    expect(services.grafana).toMatchObject({
      enabled: true,
      internal_url: "http://kube-prometheus-stack-grafana.observability.svc.cluster.local:3000",
    });
    expect(services.tracing).toMatchObject({
      enabled: true,
      provider: "jaeger",
      internal_url: "http://jaeger-collector.observability.svc.cluster.local:16686",
    });
  });

  test("no pod but Prometheus reaches it, and that on its metrics port", () => {
    const policy = onlyResource(json, "kubernetes_network_policy_v1");
    expect(policy["metadata"]).toEqual({ name: "kiali", namespace: "istio-system" });
    expect(policy["spec"].policy_types).toEqual(["Ingress", "Egress"]);
    expect(edges(policy["spec"] as ResourceJson)).toEqual([
      "from observability/prometheus: TCP 9090",
      "to kube-system/kube-dns: UDP 53, TCP 53",
      "to 172.20.0.1/32: TCP 443",
      "to 10.0.128.0/20: TCP 443",
      "to istiod: TCP 15014",
      "to observability: TCP 9090, TCP 3000, TCP 16686",
    ]);
    expect(values["deployment"].network_policy.enabled).toBe(false);
  });

  test("fits Pod Security restricted", () => {
    expect(values["deployment"].security_context).toEqual({
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
      capabilities: { drop: ["ALL"] },
    });
  });
});

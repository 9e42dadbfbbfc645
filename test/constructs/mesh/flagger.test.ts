import { Flagger } from "../../../constructs/mesh/flagger";
import { onlyResource, synthInCluster } from "../../support/synth";
import { releaseOf, valuesOf } from "./support";

describe("Brief: Flagger", () => {
  const json = synthInCluster((scope) => new Flagger(scope, "flagger", { dependsOn: [] }));
  const flagger = valuesOf(json, "flagger");
  const loadtester = valuesOf(json, "flagger-loadtester");

  test("gives the primary copy another value of the one label that nothing of ours selects on", () => {
    expect(flagger.selectorLabels).toBe("app");
  });

  test("reads Istio's metrics from Prometheus and elects one of two replicas", () => {
    expect(flagger).toMatchObject({
      meshProvider: "istio",
      metricsServer: "http://kube-prometheus-stack-prometheus.observability.svc.cluster.local:9090",
      leaderElection: { enabled: true, replicaCount: 2 },
      podDisruptionBudget: { enabled: true, minAvailable: 1 },
    });
  });

  test("reaches the API and Prometheus past its sidecar, the load tester through it", () => {
    expect(flagger.podAnnotations["traffic.sidecar.istio.io/excludeOutboundPorts"]).toBe("53,443,9090");
  });

  test.each([
    ["flagger", flagger],
    ["flagger-loadtester", loadtester],
  ])("%s passes Pod Security `restricted`", (_name, values) => {
    expect(values.securityContext).toMatchObject({
      enabled: true,
      context: {
        runAsNonRoot: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
  });

  test("the load tester bears the label that policies select, and its Service listens where its pod does", () => {
    expect(loadtester.podLabels).toEqual({ "taskflow.io/service": "flagger-loadtester" });
    expect(loadtester.service).toEqual({ type: "ClusterIP", port: 8080 });
    expect(releaseOf(json, "flagger-loadtester")["namespace"]).toBe("shared-services");
  });

  test("the load tester's sidecar has the memory that knowing every tenant's services takes", () => {
    expect(loadtester.podAnnotations).toMatchObject({ "sidecar.istio.io/proxyMemory": "512Mi" });
  });

  test("the load tester mounts no API token", () => {
    expect(loadtester.serviceAccountName).toBe("flagger-loadtester");
    expect(onlyResource(json, "kubernetes_service_account_v1")).toMatchObject({
      metadata: { name: "flagger-loadtester", namespace: "shared-services" },
      automount_service_account_token: false,
    });
  });
});

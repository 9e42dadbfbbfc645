import { IstioControlPlane } from "../../../constructs/mesh/istio-control-plane";
import { meshNetworks } from "../../../constructs/mesh/regions";
import { synthInCluster } from "../../support/synth";
import { regions } from "./standby";
import { releaseOf, valuesOf } from "./support";

describe("Brief: Istio + Envoy (control plane)", () => {
  const json = synthInCluster(
    (scope) => new IstioControlPlane(scope, "istio", { clusterName: "taskflow-eks", dependsOn: [] }),
  );
  const istiod = valuesOf(json, "istiod");
  const proxy = istiod.global.proxy;

  test.each(["istio-base", "istio-cni", "istiod"])("%s is of the one pinned version", (name) => {
    expect(releaseOf(json, name)).toMatchObject({
      version: "1.31.1",
      repository: "https://blob.istio.io/istio-release/charts",
    });
  });

  test("CRDs come first, then the CNI plugin, then istiod", () => {
    const dependencies = (name: string) => (releaseOf(json, name)["depends_on"] as string[]).join(" ");
    expect(dependencies("istio-cni")).toContain("istio_base");
    expect(dependencies("istiod")).toContain("istio_base");
    expect(dependencies("istiod")).toContain("istio_cni");
  });

  test("two istiods at least, spread, and one stays when a node is drained", () => {
    expect(istiod).toMatchObject({ autoscaleMin: 2, autoscaleMax: 5, pdb: { minAvailable: 1 } });
    expect(
      istiod.topologySpreadConstraints.map((constraint: { topologyKey: string }) => constraint.topologyKey),
    ).toEqual(["topology.kubernetes.io/zone", "kubernetes.io/hostname"]);
  });

  test("pods need no NET_ADMIN: the CNI plugin redirects them, from kube-system, where Pod Security lets it", () => {
    expect(istiod.cni).toEqual({ enabled: true });
    expect(releaseOf(json, "istio-cni")["namespace"]).toBe("kube-system");
    expect(valuesOf(json, "istio-cni").repair).toEqual({ enabled: true, repairPods: true });
  });

  test("istiod and every injected container pass Pod Security `restricted`", () => {
    expect(istiod.seccompProfile).toEqual({ type: "RuntimeDefault" });
    expect(proxy.seccompProfile).toEqual({ type: "RuntimeDefault" });
  });

  test("sidecars are native, so that Jobs end and start-up is ordered", () => {
    expect(istiod.env.ENABLE_NATIVE_SIDECARS).toBe("true");
    expect(proxy.holdApplicationUntilProxyStarts).toBe(true);
  });

  test("watches labelled namespaces only", () => {
    expect(istiod.meshConfig.discoverySelectors).toEqual([{ matchLabels: { "taskflow.io/mesh": "enabled" } }]);
  });

  test("the trust domain is the one that principals in policies are written with", () => {
    expect(istiod.meshConfig.trustDomain).toBe("cluster.local");
  });

  test("mutual TLS is 1.3", () => {
    expect(istiod.meshConfig.meshMTLS).toEqual({ minProtocolVersion: "TLSV1_3" });
  });

  test("a sidecar lets out only what the mesh knows; Pod Identity, RDS Proxy and DNS pass beside it", () => {
    expect(istiod.meshConfig.outboundTrafficPolicy).toEqual({ mode: "REGISTRY_ONLY" });
    expect(proxy.excludeIPRanges).toBe("169.254.170.23/32");
    expect(proxy.excludeOutboundPorts).toBe("53,5432");
  });

  test("traces go to the collector over OTLP", () => {
    expect(istiod.meshConfig.extensionProviders).toContainEqual({
      name: "otel-tracing",
      opentelemetry: { service: "jaeger-collector.observability.svc.cluster.local", port: 4317 },
    });
  });

  test("access logs are JSON and hold no query string", () => {
    const provider = istiod.meshConfig.extensionProviders.find((one: { name: string }) => one.name === "access-log");
    const fields: Record<string, string> = provider.envoyFileAccessLog.logFormat.labels;
    expect(fields["path"]).toBe("%REQ_WITHOUT_QUERY(X-ENVOY-ORIGINAL-PATH?:PATH)%");
    expect(Object.values(fields).filter((field) => field.includes("%REQ(") && field.includes("PATH"))).toEqual([]);
  });

  test("shows when a pod's own rate limit has struck", () => {
    expect(istiod.meshConfig.defaultConfig.proxyStatsMatcher.inclusionSuffixes).toEqual([
      "http_local_rate_limit.enforced",
    ]);
  });

  test("the mesh has one network, without a name, where there is one region", () => {
    expect(istiod.global).not.toHaveProperty("network");
    expect(istiod.global).not.toHaveProperty("meshNetworks");
  });

  test("Brief: Multi-region (mesh taskflow-mesh, networks per region): each knows its own network and the other's", () => {
    const both = synthInCluster(
      (scope) =>
        new IstioControlPlane(scope, "istio", { clusterName: "taskflow-eks", regions: regions(), dependsOn: [] }),
    );
    expect(valuesOf(both, "istiod").global).toMatchObject({
      meshID: "taskflow-mesh",
      multiCluster: { clusterName: "taskflow-eks" },
      network: "ap-northeast-1",
      meshNetworks: meshNetworks(regions().peer),
    });
  });

  test("images come from where Istio still publishes, without a shell", () => {
    for (const values of [istiod, valuesOf(json, "istio-cni")]) {
      expect(values.global).toMatchObject({ hub: "docker.io/istio", variant: "distroless" });
    }
  });
});

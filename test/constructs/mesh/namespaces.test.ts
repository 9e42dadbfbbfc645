import { MeshNamespaces } from "../../../constructs/mesh/namespaces";
import { resourcesOf, synthInCluster } from "../../support/synth";

describe("MeshNamespaces", () => {
  const json = synthInCluster((scope) => new MeshNamespaces(scope, "namespaces"));
  const labels = new Map(
    Object.values(resourcesOf(json, "kubernetes_namespace_v1")).map((namespace) => [
      namespace["metadata"].name as string,
      namespace["metadata"].labels as Record<string, string>,
    ]),
  );

  test("makes the mesh's own five and leaves observability to its stack", () => {
    expect([...labels.keys()].sort()).toEqual([
      "cert-manager",
      "flagger-system",
      "istio-ingress",
      "istio-system",
      "shared-services",
    ]);
  });

  test("istiod takes the cluster's pods to be in the network that its namespace names, if it names one", () => {
    const named = synthInCluster((scope) => new MeshNamespaces(scope, "namespaces", { network: "us-east-1" }));
    const networks = Object.values(resourcesOf(named, "kubernetes_namespace_v1"))
      .map(({ metadata }) => [metadata.name, metadata.labels["topology.istio.io/network"]])
      .filter(([, network]) => network !== undefined);
    expect(networks).toEqual([["istio-system", "us-east-1"]]);
    expect(labels.get("istio-system")).not.toHaveProperty("topology.istio.io/network");
  });

  test("every one enforces Pod Security `restricted`", () => {
    for (const [name, of] of labels) {
      expect([name, of["pod-security.kubernetes.io/enforce"]]).toEqual([name, "restricted"]);
    }
  });

  test("istiod watches its own namespace and those whose pods get Envoy, and no other", () => {
    const member = [...labels].filter(([, of]) => of["taskflow.io/mesh"] === "enabled").map(([name]) => name);
    const injected = [...labels].filter(([, of]) => of["istio-injection"] === "enabled").map(([name]) => name);
    expect(injected.sort()).toEqual(["flagger-system", "istio-ingress", "shared-services"]);
    expect(member.sort()).toEqual([...injected, "istio-system"].sort());
  });

  test("cert-manager's says that it is no part of the mesh", () => {
    expect(labels.get("cert-manager")).toMatchObject({ "istio-injection": "disabled" });
  });

  test("a gateway pod is ready only once the load balancer sends to it", () => {
    expect(labels.get("istio-ingress")).toMatchObject({ "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" });
  });
});

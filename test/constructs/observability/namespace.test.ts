import { ObservabilityNamespace } from "../../../constructs/observability";
import { onlyResource, synthInCluster } from "../../support/synth";

describe("ObservabilityNamespace", () => {
  const labels = onlyResource(
    synthInCluster((scope) => {
      new ObservabilityNamespace(scope, "namespace");
    }),
    "kubernetes_namespace_v1",
  )["metadata"].labels;

  test("enforces Pod Security restricted", () => {
    expect(labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
  });

  test("is known to istiod, or proxies could not send spans, but its pods get no sidecar", () => {
    expect(labels["taskflow.io/mesh"]).toBe("enabled");
    expect(labels["istio-injection"]).toBe("disabled");
  });
});

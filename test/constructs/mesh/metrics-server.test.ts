import { MetricsServer } from "../../../constructs/mesh/metrics-server";
import { synthInCluster } from "../../support/synth";
import { valuesOf } from "./support";

describe("MetricsServer", () => {
  const values = valuesOf(
    synthInCluster((scope) => new MetricsServer(scope, "metrics", { dependsOn: [] })),
    "metrics-server",
  );

  test("has its certificate verified by the API server and verifies the kubelets'", () => {
    expect(values).toMatchObject({ apiService: { insecureSkipTLSVerify: false }, tls: { type: "cert-manager" } });
    expect(JSON.stringify(values)).not.toContain("kubelet-insecure-tls");
  });

  test("has two replicas, one of which always stays", () => {
    expect(values).toMatchObject({ replicas: 2, podDisruptionBudget: { enabled: true, minAvailable: 1 } });
  });
});

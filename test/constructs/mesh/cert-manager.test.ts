import { CertManager } from "../../../constructs/mesh/cert-manager";
import { synthInCluster } from "../../support/synth";
import { valuesOf } from "./support";

describe("CertManager", () => {
  const values = valuesOf(
    synthInCluster((scope) => new CertManager(scope, "cert-manager", { dependsOn: [] })),
    "cert-manager",
  );

  test("brings its CRDs and never takes them, and every Certificate with them, away", () => {
    expect(values.crds).toEqual({ enabled: true, keep: true });
  });

  test.each(["controller", "webhook", "cainjector"])("has two of its %s, one of which always stays", (part) => {
    const of = part === "controller" ? values : values[part];
    expect(of).toMatchObject({ replicaCount: 2, podDisruptionBudget: { enabled: true, minAvailable: 1 } });
  });

  test("elects its leader in its own namespace", () => {
    expect(values.global.leaderElection.namespace).toBe("cert-manager");
  });
});

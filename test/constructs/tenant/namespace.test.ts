import { onlyResource } from "../../support/synth";
import { synthTenant } from "../../support/tenants";

const labelsOf = (row: Parameters<typeof synthTenant>[0]) =>
  onlyResource(synthTenant(row), "kubernetes_namespace_v1")["metadata"].labels as Record<string, string>;

describe("TenantNamespace", () => {
  test("is in the mesh and under Pod Security restricted", () => {
    expect(labelsOf({})).toMatchObject({
      "istio-injection": "enabled",
      "taskflow.io/mesh": "enabled",
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    });
  });

  test("says tenant, tier and state, and whom an alert reaches", () => {
    expect(labelsOf({ tier: "enterprise" })).toMatchObject({
      "taskflow.io/tenant": "acme",
      "taskflow.io/tier": "enterprise",
      "taskflow.io/state": "active",
      "taskflow.io/alerts": "page",
    });
    expect(labelsOf({ tier: "starter", state: "suspended" })).toMatchObject({
      "taskflow.io/state": "suspended",
      "taskflow.io/alerts": "ticket",
    });
  });
});

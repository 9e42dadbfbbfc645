import { onlyResource } from "../../support/synth";
import { synthTenant } from "../../support/tenants";

const hardOf = (row: Parameters<typeof synthTenant>[0]) =>
  onlyResource(synthTenant(row), "kubernetes_resource_quota_v1")["spec"].hard as Record<string, string>;

describe("Brief: quota of a tenant namespace", () => {
  test.each([
    ["starter", "1", "2Gi", "2", "4Gi", "10"],
    ["standard", "2", "4Gi", "4", "8Gi", "25"],
    ["enterprise", "4", "8Gi", "16", "32Gi", "100"],
  ] as const)("%s", (tier, requestsCpu, requestsMemory, limitsCpu, limitsMemory, pods) => {
    expect(hardOf({ tier })).toMatchObject({
      "requests.cpu": requestsCpu,
      "requests.memory": requestsMemory,
      "limits.cpu": limitsCpu,
      "limits.memory": limitsMemory,
      pods,
    });
  });
});

describe("TenantQuota", () => {
  test("an override reaches the quota and leaves the rest to the tier", () => {
    expect(hardOf({ overrides: { quota: { limitsCpu: 6.5 } } })).toMatchObject({
      "limits.cpu": "6.5",
      "limits.memory": "8Gi",
    });
  });

  test("counts objects, and allows no load balancer, node port or volume", () => {
    expect(hardOf({})).toMatchObject({
      secrets: "10",
      configmaps: "20",
      services: "10",
      resourcequotas: "1",
      "services.loadbalancers": "0",
      "services.nodeports": "0",
      persistentvolumeclaims: "0",
      "requests.ephemeral-storage": "20Gi",
    });
  });

  test("a container that states nothing gets the tier's figures, and none may take more than half the burst", () => {
    const [limit] = onlyResource(synthTenant({ tier: "starter" }), "kubernetes_limit_range_v1")["spec"].limit;
    expect(limit).toEqual({
      type: "Container",
      default: { cpu: "180m", memory: "256Mi", "ephemeral-storage": "128Mi" },
      default_request: { cpu: "25m", memory: "128Mi", "ephemeral-storage": "64Mi" },
      max: { cpu: "1000m", memory: "2048Mi" },
    });
  });
});

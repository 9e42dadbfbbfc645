import { onlyResource } from "../../support/synth";
import { synthTenant } from "../../support/tenants";

describe("Brief: A5, each tenant has its own dashboard", () => {
  const configMap = onlyResource(synthTenant({ tier: "enterprise" }), "kubernetes_config_map_v1");

  test("it exists with the row, in the folder of its tier, where Grafana's sidecar looks", () => {
    expect(configMap["metadata"]).toEqual({
      name: "tenant-acme",
      namespace: "observability",
      labels: { grafana_dashboard: "1", "taskflow.io/tenant": "acme", "taskflow.io/tier": "enterprise" },
      annotations: { grafana_folder: "Tenants enterprise" },
    });
  });

  test("its uid is the tenant's, and its queries ask for the tenant's namespace", () => {
    const dashboard = JSON.parse(configMap["data"]["tenant-acme.json"]);
    expect(dashboard.uid).toBe("tenant-acme");
    expect(dashboard.panels.length).toBeGreaterThan(0);
    const queries = JSON.stringify(dashboard.panels);
    expect(queries).toContain("destination_service_namespace='tenant-acme'");
  });

  test("its line of the rate limit is the tenant's own class's", () => {
    const upgraded = synthTenant({ tier: "standard", overrides: { rateClass: "enterprise" } });
    const json = String(onlyResource(upgraded, "kubernetes_config_map_v1")["data"]["tenant-acme.json"]);
    expect(json).toContain('"expr":"vector(6000)"');
  });

  test("a name that looks like an expression of Terraform's stays a name", () => {
    const named = onlyResource(synthTenant({ name: "A ${b} %{c}" }), "kubernetes_config_map_v1");
    const json = String(named["data"]["tenant-acme.json"]);
    expect(json).toContain('"title":"A $${b} %%{c} (acme)"');
    expect(json).not.toMatch(/(?<!\$)\$\{|(?<!%)%\{/);
  });
});

import { TIER_NAMES } from "../../../config";
import { resourceCount, type TenantRow } from "../../../tenancy";
import { countResources, synthTenant, tenantOf } from "../../support/tenants";
import { resourcesOf } from "../../support/synth";

/** Room for releases under analysis. */
const ROOMY: Partial<TenantRow> = { overrides: { quota: { limitsCpu: 8 } } };

describe("TenantConstruct", () => {
  test.each(TIER_NAMES)("a tenant of tier %s needs at most 40 resources, 5 of them manifests", (tier) => {
    const json = synthTenant({ tier, canary: { release: "2.0.0" } });
    expect(countResources(json)).toBeLessThanOrEqual(40);
    expect(Object.keys(resourcesOf(json, "kubernetes_manifest")).length).toBeLessThanOrEqual(5);
  });

  test("a service under Flagger needs one resource more, and all of them one", () => {
    const services = ["task-service", "user-service"] as const;
    const count = (flagger: readonly string[]): number =>
      countResources(
        synthTenant({
          tier: "enterprise",
          canary: { flagger: [...flagger] },
          overrides: { quota: { limitsCpu: 24, requestsMemoryGi: 9 } },
        }),
      );
    const without = countResources(synthTenant({ tier: "enterprise" }));
    expect(count(services.slice(0, 1))).toBe(without + 2);
    expect(count(services)).toBe(without + 3);
  });

  test.each<Partial<TenantRow>>([
    { tier: "starter" },
    { tier: "starter", canary: { flagger: ["task-service", "user-service"] } },
    { tier: "starter", canary: { flagger: ["task-service"] }, state: "suspended" },
    { tier: "enterprise", canary: { flagger: ["task-service"] } },
    { tier: "standard", canary: { release: "2.0.0", services: ["user-service"], flagger: ["task-service"] }, ...ROOMY },
    { tier: "standard" },
    { tier: "enterprise", canary: { release: "2.0.0" } },
    { tier: "standard", state: "suspended" },
    { tier: "standard", overrides: { replicas: { min: 1, max: 1 } } },
    { tier: "standard", overrides: { replicas: { min: 1, max: 2 } } },
    { tier: "enterprise", state: "offboarding", retainUntil: "2027-01-31" },
  ])("makes as many resources as tenancy counts: %j", (row) => {
    expect(countResources(synthTenant(row))).toBe(resourceCount(tenantOf(row)));
  });

  test.each(TIER_NAMES)("a tenant of tier %s is as the snapshot says", (tier) => {
    expect(synthTenant({ id: "acme", tier }).resource).toMatchSnapshot();
  });

  test("nothing of a tenant stands on the load balancer or in Secrets Manager", () => {
    const types = Object.keys(synthTenant({ tier: "enterprise" }).resource ?? {});
    expect(types.filter((type) => /^aws_(lb|alb|wafv2|acm|route53|secretsmanager)/.test(type))).toEqual([]);
    expect(types).not.toContain("kubernetes_secret_v1");
    expect(types).not.toContain("kubernetes_ingress_v1");
  });

  test.each(["offboarding", "purged"] as const)("a tenant that is %s has neither workloads nor identity", (state) => {
    expect(countResources(synthTenant({ state, retainUntil: "2027-01-31" }))).toBe(0);
  });

  test("Brief: Tenant onboarding. No pod starts before quota, policies and identity are in force", () => {
    const json = synthTenant();
    const guards = [
      "kubernetes_resource_quota_v1",
      "kubernetes_limit_range_v1",
      "kubernetes_network_policy_v1",
      "aws_eks_pod_identity_association",
    ].flatMap((type) => Object.keys(resourcesOf(json, type)).map((id) => `${type}.${id}`));
    const policies = Object.entries(resourcesOf(json, "kubernetes_manifest"))
      .filter(([, resource]) => resource["manifest"].kind === "AuthorizationPolicy")
      .map(([id]) => `kubernetes_manifest.${id}`);
    expect(policies).toHaveLength(2);
    for (const deployment of Object.values(resourcesOf(json, "kubernetes_deployment_v1"))) {
      expect(deployment["depends_on"]).toEqual(expect.arrayContaining([...guards, ...policies]));
    }
  });

  test("every object of the tenant's namespace waits for the namespace", () => {
    const json = synthTenant({ tier: "enterprise" });
    const [namespace] = Object.keys(resourcesOf(json, "kubernetes_namespace_v1"));
    const waits = (resource: Readonly<Record<string, unknown>>): boolean =>
      (resource["depends_on"] as string[] | undefined)?.includes(`kubernetes_namespace_v1.${namespace}`) ?? false;
    for (const type of [
      "kubernetes_resource_quota_v1",
      "kubernetes_limit_range_v1",
      "kubernetes_network_policy_v1",
      "kubernetes_manifest",
      "kubernetes_service_v1",
      "kubernetes_service_account_v1",
      "kubernetes_pod_disruption_budget_v1",
      "kubernetes_horizontal_pod_autoscaler_v2",
    ]) {
      const resources = Object.values(resourcesOf(json, type));
      expect(resources.length).toBeGreaterThan(0);
      expect(resources.every(waits)).toBe(true);
    }
  });
});

import { onlyResource, resourcesOf } from "../../support/synth";
import { synthTenant } from "../../support/tenants";

const invocationOf = (row: Parameters<typeof synthTenant>[0]) =>
  onlyResource(synthTenant(row), "aws_lambda_invocation");

describe("TenantDatabase", () => {
  test("is provisioned when it is made or changes, and archived when it goes", () => {
    expect(invocationOf({})).toMatchObject({ function_name: "taskflow-tenant-database", lifecycle_scope: "CRUD" });
  });

  test("tells the function the tenant's role, schema and limits, and nothing secret", () => {
    expect(JSON.parse(invocationOf({ id: "acme-corp", tier: "enterprise" })["input"])).toEqual({
      tenant: {
        id: "acme-corp",
        role: "tenant_acme_corp",
        schema: "tenant_acme_corp",
        tier: "enterprise",
        state: "active",
        connectionLimit: 20,
        statementTimeoutMs: 30_000,
        schemaVersion: 1,
      },
    });
  });

  test("an override of the connection limit and a suspension reach it", () => {
    const row = { state: "suspended", overrides: { connectionLimit: 9 } } as const;
    expect(JSON.parse(invocationOf(row)["input"]).tenant).toMatchObject({ state: "suspended", connectionLimit: 9 });
  });

  test("no pod starts before its role can log in", () => {
    const json = synthTenant();
    const [id] = Object.keys(resourcesOf(json, "aws_lambda_invocation"));
    for (const deployment of Object.values(resourcesOf(json, "kubernetes_deployment_v1"))) {
      expect(deployment["depends_on"]).toContain(`aws_lambda_invocation.${id}`);
    }
  });

  test("a tenant that is offboarding has no invocation: its schema is archived by the deletion", () => {
    const json = synthTenant({ state: "offboarding", retainUntil: "2027-01-31" });
    expect(resourcesOf(json, "aws_lambda_invocation")).toEqual({});
  });
});

import { manifestOf, synthTenant } from "../../support/tenants";

const json = synthTenant();

describe("Brief: AuthorizationPolicy deny-other-tenants", () => {
  test("denies whoever is of neither the tenant nor the platform, a caller without identity included", () => {
    expect(manifestOf(json, "AuthorizationPolicy", "deny-other-tenants")).toEqual({
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "deny-other-tenants", namespace: "tenant-acme" },
      spec: {
        action: "DENY",
        rules: [
          {
            from: [
              {
                source: {
                  notNamespaces: ["tenant-acme", "istio-system", "istio-ingress", "shared-services"],
                },
              },
            ],
          },
        ],
      },
    });
  });
});

describe("TenantAuthorization", () => {
  const allow = manifestOf(json, "AuthorizationPolicy", "allow-tenant-and-platform")["spec"];

  test("allows the tenant, the gateway's and the api-gateway's identity, and telemetry on its ports alone", () => {
    expect(allow).toEqual({
      action: "ALLOW",
      rules: [
        {
          from: [
            { source: { namespaces: ["tenant-acme"] } },
            {
              source: {
                principals: [
                  "cluster.local/ns/istio-ingress/sa/istio-ingressgateway",
                  "cluster.local/ns/shared-services/sa/api-gateway",
                ],
              },
            },
          ],
        },
        {
          from: [{ source: { namespaces: ["observability"] } }],
          to: [{ operation: { ports: ["15020", "15090"] } }],
        },
      ],
    });
  });

  test("no policy has a form that a caller without identity slips through: positive DENY or negative ALLOW", () => {
    expect(JSON.stringify(allow)).not.toMatch(/"not[A-Z]/);
    const deny = manifestOf(json, "AuthorizationPolicy", "deny-other-tenants")["spec"];
    expect(JSON.stringify(deny)).not.toMatch(/"(principals|namespaces)"/);
  });
});

describe("Flagger's load tester", () => {
  const policyOf = (row: Parameters<typeof synthTenant>[0]) =>
    manifestOf(synthTenant(row), "AuthorizationPolicy", "allow-load-tester");

  test("may read one path of the pods that Flagger rolls out, and nothing else", () => {
    expect(policyOf({ canary: { flagger: ["task-service"] } })["spec"]).toEqual({
      action: "ALLOW",
      selector: { matchLabels: { "taskflow.io/rollout": "flagger" } },
      rules: [
        {
          from: [{ source: { principals: ["cluster.local/ns/shared-services/sa/flagger-loadtester"] } }],
          to: [{ operation: { ports: ["8080"], methods: ["GET"], paths: ["/healthz/ready"] } }],
        },
      ],
    });
  });

  test.each<Parameters<typeof synthTenant>[0]>([
    {},
    { canary: { release: "2.0.0" } },
    { canary: { flagger: ["task-service"] }, state: "suspended" },
  ])("has no policy where there is nothing to analyse: %j", (row) => {
    expect(() => policyOf(row)).toThrow("no AuthorizationPolicy allow-load-tester");
  });
});

import type { HttpRoute } from "../../../constructs/kubernetes";
import { manifestOf, synthTenant } from "../../support/tenants";

function routesOf(row: Parameters<typeof synthTenant>[0]): readonly HttpRoute[] {
  return manifestOf(synthTenant(row), "VirtualService", "tenant")["spec"].http as HttpRoute[];
}

describe("Brief: VirtualService routing by tenant", () => {
  test("the tenant's host is bound at the one gateway and seen by its own and the gateway's namespace", () => {
    expect(manifestOf(synthTenant(), "VirtualService", "tenant")["spec"]).toMatchObject({
      hosts: ["acme.taskflow.example.com"],
      gateways: ["istio-ingress/taskflow"],
      exportTo: [".", "istio-ingress"],
    });
  });

  test("each path leads to its service's stable subset, and a longer word beginning alike does not", () => {
    const [projects] = routesOf({});
    expect(projects?.match).toEqual([{ uri: { exact: "/api/projects" } }, { uri: { prefix: "/api/projects/" } }]);
    expect(routesOf({}).map((route) => route.route)).toEqual(
      ["project-service", "task-service", "user-service"].map((service) => [
        {
          destination: {
            host: `${service}.tenant-acme.svc.cluster.local`,
            subset: "v1",
            port: { number: 8080 },
          },
        },
      ]),
    );
  });
});

describe("the rate class", () => {
  test("is the tier's and names every route", () => {
    expect(routesOf({ tier: "starter" }).map((route) => route.name)).toEqual(["starter", "starter", "starter"]);
  });

  test("is another by override", () => {
    const names = routesOf({ overrides: { rateClass: "enterprise" }, canary: { release: "2.0.0" } }).map(
      (route) => route.name,
    );
    expect(new Set(names)).toEqual(new Set(["enterprise"]));
  });

  test("names a suspended tenant's route too", () => {
    expect(routesOf({ state: "suspended" }).map((route) => route.name)).toEqual(["standard"]);
  });
});

describe("Brief: canary by header, else 90/10", () => {
  const routes = routesOf({ canary: { release: "2.0.0" } });

  test("x-canary: true leads to v2", () => {
    expect(routes[0]?.match?.[0]).toEqual({
      uri: { exact: "/api/projects" },
      headers: { "x-canary": { exact: "true" } },
    });
    expect(routes[0]?.route).toEqual([
      {
        destination: { host: "project-service.tenant-acme.svc.cluster.local", subset: "v2", port: { number: 8080 } },
      },
    ]);
  });

  test("all else goes 90 to v1 and 10 to v2", () => {
    expect(routes[1]?.route?.map(({ destination, weight }) => [destination.subset, weight])).toEqual([
      ["v1", 90],
      ["v2", 10],
    ]);
    const weights = routesOf({ canary: { release: "2.0.0", weight: 25 } })[1]?.route?.map((route) => route.weight);
    expect(weights).toEqual([75, 25]);
  });
});

test("a canary of one service leaves the others' routes as they are", () => {
  const routes = routesOf({ canary: { release: "2.0.0", services: ["task-service"] } });
  expect(routes.map(({ route }) => route?.map(({ destination }) => destination.subset))).toEqual([
    ["v1"],
    ["v2"],
    ["v1", "v2"],
    ["v1"],
  ]);
});

describe("a service under Flagger", () => {
  const routes = routesOf({ canary: { flagger: ["task-service"] } }).slice(1, 4);
  const paths = [{ uri: { exact: "/api/tasks" } }, { uri: { prefix: "/api/tasks/" } }];
  const host = (service: string): string => `${service}.tenant-acme.svc.cluster.local`;

  test("gets x-canary: true to the new release, before all else", () => {
    expect(routes[0]).toMatchObject({
      match: paths.map((path) => ({ ...path, headers: { "x-canary": { exact: "true" } } })),
      route: [{ destination: { host: host("task-service-canary"), port: { number: 8080 } } }],
    });
  });

  test("is routed by Flagger's VirtualService, and by ours until there is one", () => {
    expect(routes[1]).toMatchObject({ match: paths, delegate: { name: "task-service", namespace: "tenant-acme" } });
    expect(routes[1]).not.toHaveProperty("route");
    expect(routes[2]).toMatchObject({
      match: paths.map((path) => ({ ...path, withoutHeaders: { "x-canary": { exact: "true" } } })),
      route: [{ destination: { host: host("task-service") } }],
    });
  });

  test("keeps the tenant's rate class, timeout and retries, which a delegate takes from its root", () => {
    for (const { name, timeout, retries } of routes) {
      expect({ name, timeout, attempts: retries?.attempts }).toEqual({ name: "standard", timeout: "15s", attempts: 2 });
    }
  });

  test("has no weights: those are Flagger's", () => {
    expect(JSON.stringify(routes)).not.toContain("weight");
  });
});

describe("a suspended tenant", () => {
  test("answers 503 on every path", () => {
    expect(routesOf({ state: "suspended" })).toEqual([
      { name: "standard", directResponse: { status: 503, body: { string: "This account is suspended.\n" } } },
    ]);
  });
});

describe("Brief: DestinationRule pools and outlier detection", () => {
  const spec = manifestOf(synthTenant({ tier: "enterprise" }), "DestinationRule", "services")["spec"];

  test("one rule holds for every service of the tenant and is seen where requests come from", () => {
    expect(spec).toMatchObject({
      host: "*.tenant-acme.svc.cluster.local",
      exportTo: [".", "istio-ingress", "shared-services"],
    });
  });

  test("the pools are the tier's", () => {
    expect(spec.trafficPolicy.connectionPool).toEqual({
      tcp: { maxConnections: 500, connectTimeout: "2s" },
      http: { http1MaxPendingRequests: 500, http2MaxRequests: 2000, maxRetries: 3 },
    });
  });

  test("outlier detection can eject one of two replicas", () => {
    expect(spec.trafficPolicy.outlierDetection).toEqual({
      consecutive5xxErrors: 3,
      interval: "10s",
      baseEjectionTime: "30s",
      maxEjectionPercent: 50,
    });
  });

  test("mTLS is left to the mesh, and both subsets exist before any route names them", () => {
    expect(spec.trafficPolicy.tls).toBeUndefined();
    expect(spec.subsets).toEqual([
      { name: "v1", labels: { version: "v1" } },
      { name: "v2", labels: { version: "v2" } },
    ]);
    const json = synthTenant();
    const [id] = Object.entries(json.resource?.["kubernetes_manifest"] ?? {}).find(
      ([, resource]) => resource["manifest"].kind === "DestinationRule",
    ) ?? [""];
    const virtualService = Object.values(json.resource?.["kubernetes_manifest"] ?? {}).find(
      (resource) => resource["manifest"].kind === "VirtualService",
    );
    expect(virtualService?.["depends_on"]).toContain(`kubernetes_manifest.${id}`);
  });
});

describe("every Istio object of a tenant", () => {
  test("shows drift in all its fields, and an apply takes them back", () => {
    for (const resource of Object.values(synthTenant().resource?.["kubernetes_manifest"] ?? {})) {
      expect(resource["computed_fields"]).toEqual([]);
      expect(resource["field_manager"]).toEqual({ name: "taskflow", force_conflicts: true });
    }
  });
});

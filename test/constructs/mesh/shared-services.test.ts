import { API_GATEWAY_CONTAINER, API_GATEWAY_REPLICAS, API_GATEWAY_SIDECAR } from "../../../constructs/mesh/api-gateway";
import { SHARED_SERVICES_QUOTA, SharedServices } from "../../../constructs/mesh/shared-services";
import { onlyResource, synthInCluster } from "../../support/synth";
import { type Json, manifestsOf, policyOf, specOf } from "./support";

describe("SharedServices", () => {
  const json = synthInCluster(
    (scope) =>
      new SharedServices(scope, "shared-services", {
        podSubnetCidrs: ["10.0.128.0/20"],
        storeSubnetCidrs: ["10.0.200.0/24"],
        dependsOn: [],
      }),
  );
  const namespaceOf = (peer: Json): string => peer.namespace_selector.match_labels["kubernetes.io/metadata.name"];

  describe("NetworkPolicies", () => {
    test("all that is not allowed is denied, both ways", () => {
      expect(policyOf(json, "default-deny-all")).toEqual({ pod_selector: {}, policy_types: ["Ingress", "Egress"] });
    });

    test.each([
      ["allow-api-gateway", "api-gateway", "istio-ingress", "8080"],
      ["allow-rate-limit", "ratelimit", "istio-ingress", "8081"],
      ["allow-loadtester", "flagger-loadtester", "flagger-system", "8080"],
    ])("%s: pods of %s are reached from %s on %s alone", (policy, service, namespace, port) => {
      const spec = policyOf(json, policy);
      expect(spec.pod_selector).toEqual({ match_labels: { "taskflow.io/service": service } });
      expect(spec.ingress).toHaveLength(1);
      expect(spec.ingress[0].from.map(namespaceOf)).toEqual([namespace]);
      expect(spec.ingress[0].ports).toEqual([{ port, protocol: "TCP" }]);
    });

    test("the rate limit service reaches its store, and nothing else does", () => {
      const toDatabaseSubnets = [
        "allow-api-gateway",
        "allow-rate-limit",
        "allow-mesh",
        "allow-within-namespace",
      ].filter((name) => JSON.stringify(policyOf(json, name)).includes("10.0.200.0/24"));
      expect(toDatabaseSubnets).toEqual(["allow-rate-limit"]);
      expect(policyOf(json, "allow-rate-limit").egress[0].ports).toEqual([{ port: "6379", protocol: "TCP" }]);
    });

    test("the load tester reaches pods that Flagger rolls out, and no other", () => {
      expect(policyOf(json, "allow-loadtester").egress).toEqual([
        {
          to: [{ namespace_selector: {}, pod_selector: { match_labels: { "taskflow.io/rollout": "flagger" } } }],
          ports: [{ port: "8080", protocol: "TCP" }],
        },
      ]);
    });

    test("no tenant and no Internet address reaches a pod", () => {
      const sources = ["allow-api-gateway", "allow-rate-limit", "allow-loadtester", "allow-mesh"].flatMap((name) =>
        policyOf(json, name).ingress.flatMap((rule: Json) => rule.from.map(namespaceOf)),
      );
      expect([...new Set(sources)].sort()).toEqual(["flagger-system", "istio-ingress", "observability"]);
    });
  });

  describe("AuthorizationPolicies", () => {
    test("identities of other namespaces, tenants' among them, are denied", () => {
      expect(specOf(json, "AuthorizationPolicy", "deny-other-namespaces")).toEqual({
        action: "DENY",
        rules: [
          {
            from: [
              { source: { notNamespaces: ["shared-services", "istio-system", "istio-ingress", "flagger-system"] } },
            ],
          },
        ],
      });
    });

    test.each([
      ["allow-gateway-to-api-gateway", "api-gateway", "cluster.local/ns/istio-ingress/sa/istio-ingressgateway", "8080"],
      ["allow-gateway-to-rate-limit", "ratelimit", "cluster.local/ns/istio-ingress/sa/istio-ingressgateway", "8081"],
      ["allow-flagger-to-loadtester", "flagger-loadtester", "cluster.local/ns/flagger-system/sa/flagger", "8080"],
    ])("%s: %s obeys %s on %s", (name, service, principal, port) => {
      expect(specOf(json, "AuthorizationPolicy", name)).toEqual({
        action: "ALLOW",
        selector: { matchLabels: { "taskflow.io/service": service } },
        rules: [{ from: [{ source: { principals: [principal] } }], to: [{ operation: { ports: [port] } }] }],
      });
    });

    test("no other ALLOW widens these, except for the namespace's own pods", () => {
      const allows = manifestsOf(json).filter(
        (object) => object.kind === "AuthorizationPolicy" && (object.spec as Json).action === "ALLOW",
      );
      expect(allows).toHaveLength(4);
      expect(specOf(json, "AuthorizationPolicy", "allow-own-namespace").rules).toEqual([
        { from: [{ source: { namespaces: ["shared-services"] } }] },
      ]);
    });
  });

  test.each(["api-gateway", "flagger-loadtester"])("the sidecar of %s knows tenants' services", (service) => {
    expect(specOf(json, "Sidecar", service)).toEqual({
      workloadSelector: { labels: { "taskflow.io/service": service } },
      egress: [{ hosts: ["*/*"] }],
    });
  });

  test("no other sidecar does", () => {
    expect(manifestsOf(json).filter(({ kind }) => kind === "Sidecar")).toHaveLength(2);
  });

  describe("quota", () => {
    const hard: Record<string, string> = onlyResource(json, "kubernetes_resource_quota_v1")["spec"].hard;

    test("caps what is requested, used and held", () => {
      expect(hard).toMatchObject({
        "requests.cpu": "6",
        "requests.memory": "12Gi",
        "limits.cpu": "40",
        "limits.memory": "32Gi",
        pods: "40",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
        persistentvolumeclaims: "0",
      });
    });

    test("holds both copies of the api-gateway at their most, with sidecars and a surge pod each", () => {
      const pods = 2 * (API_GATEWAY_REPLICAS.max + 1);
      const sum = (key: keyof typeof API_GATEWAY_CONTAINER): number =>
        pods * (API_GATEWAY_CONTAINER[key] + API_GATEWAY_SIDECAR[key]);
      expect(sum("requestsCpuMilli")).toBeLessThan(SHARED_SERVICES_QUOTA.requestsCpu * 1_000);
      expect(sum("requestsMemoryMi")).toBeLessThan(SHARED_SERVICES_QUOTA.requestsMemoryGi * 1_024);
      expect(sum("limitsCpuMilli")).toBeLessThan(SHARED_SERVICES_QUOTA.limitsCpu * 1_000);
      expect(sum("limitsMemoryMi")).toBeLessThan(SHARED_SERVICES_QUOTA.limitsMemoryGi * 1_024);
    });

    test("holds Helm's records: ten of each of four releases", () => {
      expect(Number(hard["secrets"])).toBeGreaterThan(40);
    });

    test("a container that states nothing gets figures, so that the quota can count it", () => {
      const [limit] = onlyResource(json, "kubernetes_limit_range_v1")["spec"].limit;
      expect(limit).toMatchObject({ type: "Container", default_request: { cpu: "25m", memory: "64Mi" } });
      expect(limit.default).toHaveProperty("ephemeral-storage");
    });
  });
});

import { NAMESPACES } from "../../../config";
import { TenantNetworkPolicies } from "../../../constructs/tenant/network-policies";
import { synthConstruct } from "../../support/synth";
import { objectsOf, synthTenant } from "../../support/tenants";

const policies = objectsOf(synthTenant(), "kubernetes_network_policy_v1");
const specOf = (name: string) => policies[name]?.["spec"];

/** Every peer of every rule, with the ports it goes with. */
function peers(name: string, direction: "ingress" | "egress") {
  const rules = specOf(name)?.[direction] as Record<string, unknown>[];
  return rules.map((rule) => ({ peers: rule["from"] ?? rule["to"], ports: rule["ports"] }));
}

describe("Brief: NetworkPolicy, default-deny-all plus allow within the tenant", () => {
  test("all pods are denied both ways", () => {
    expect(specOf("default-deny-all")).toEqual({ pod_selector: {}, policy_types: ["Ingress", "Egress"] });
  });

  test("pods of the tenant reach each other on every port", () => {
    expect(specOf("allow-within-tenant")).toEqual({
      pod_selector: {},
      policy_types: ["Ingress", "Egress"],
      ingress: [{ from: [{ pod_selector: {} }] }],
      egress: [{ to: [{ pod_selector: {} }] }],
    });
  });
});

describe("TenantNetworkPolicies", () => {
  test("there are four policies, and each holds for every pod", () => {
    expect(Object.keys(policies).sort()).toEqual([
      "allow-platform-egress",
      "allow-platform-ingress",
      "allow-within-tenant",
      "default-deny-all",
    ]);
    for (const policy of Object.values(policies)) {
      expect(policy["spec"].pod_selector).toEqual({});
      expect(policy["metadata"].namespace).toBe("tenant-acme");
    }
  });

  test("the gateway and shared-services reach the application's port, Prometheus the metrics, nobody else anything", () => {
    const named = (name: string) => ({
      namespace_selector: { match_labels: { "kubernetes.io/metadata.name": name } },
    });
    expect(peers("allow-platform-ingress", "ingress")).toEqual([
      { peers: [named("istio-ingress"), named("shared-services")], ports: [{ port: "8080", protocol: "TCP" }] },
      {
        peers: [named("observability")],
        ports: [
          { port: "15020", protocol: "TCP" },
          { port: "15090", protocol: "TCP" },
        ],
      },
    ]);
  });

  test("pods reach DNS, istiod, the collector, the proxy's subnets and the Pod Identity agent, nothing else", () => {
    expect(peers("allow-platform-egress", "egress")).toEqual([
      {
        peers: [
          {
            namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "kube-system" } },
            pod_selector: { match_labels: { "k8s-app": "kube-dns" } },
          },
        ],
        ports: [
          { port: "53", protocol: "UDP" },
          { port: "53", protocol: "TCP" },
        ],
      },
      {
        peers: [
          {
            namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "istio-system" } },
            pod_selector: { match_labels: { app: "istiod" } },
          },
        ],
        ports: [{ port: "15012", protocol: "TCP" }],
      },
      {
        peers: [{ namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "observability" } } }],
        ports: [{ port: "4317", protocol: "TCP" }],
      },
      {
        peers: ["10.0.200.0/24", "10.0.201.0/24", "10.0.202.0/24"].map((cidr) => ({ ip_block: { cidr } })),
        ports: [{ port: "5432", protocol: "TCP" }],
      },
      { peers: [{ ip_block: { cidr: "169.254.170.23/32" } }], ports: [{ port: "80", protocol: "TCP" }] },
    ]);
  });

  test.each(Object.values(NAMESPACES))("throws when the tenant's namespace is the platform's %s", (namespace) => {
    const build = () =>
      synthConstruct((scope) => {
        new TenantNetworkPolicies(scope, "policies", { namespace, databaseSubnetCidrs: [], dependsOn: [] });
      });
    expect(build).toThrow(`test/policies: "${namespace}" is a namespace of the platform, not of a tenant`);
  });
});

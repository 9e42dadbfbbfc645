import { IngressNetworkPolicies } from "../../../constructs/mesh/ingress-network-policies";
import { synthInCluster } from "../../support/synth";
import { policyOf } from "./support";

describe("IngressNetworkPolicies", () => {
  const json = synthInCluster(
    (scope) =>
      new IngressNetworkPolicies(scope, "policies", {
        publicSubnetCidrs: ["10.0.0.0/20"],
        podSubnetCidrs: ["10.0.128.0/20"],
        dependsOn: [],
      }),
  );

  test("all that is not allowed is denied, both ways", () => {
    expect(policyOf(json, "default-deny-all")).toEqual({ pod_selector: {}, policy_types: ["Ingress", "Egress"] });
  });

  test("only the load balancer's subnets reach the listener and the health check", () => {
    expect(policyOf(json, "allow-load-balancer").ingress).toEqual([
      {
        from: [{ ip_block: { cidr: "10.0.0.0/20" } }],
        ports: [
          { port: "443", protocol: "TCP" },
          { port: "15021", protocol: "TCP" },
        ],
      },
    ]);
  });

  test("it reaches services and the rate limit service in the pods' subnets, not the database or the Internet", () => {
    expect(policyOf(json, "allow-services").egress).toEqual([
      {
        to: [{ ip_block: { cidr: "10.0.128.0/20" } }],
        ports: [
          { port: "8080", protocol: "TCP" },
          { port: "8081", protocol: "TCP" },
        ],
      },
    ]);
  });

  describe("with a second region", () => {
    const both = synthInCluster(
      (scope) =>
        new IngressNetworkPolicies(scope, "policies", {
          publicSubnetCidrs: ["10.0.0.0/20"],
          podSubnetCidrs: ["10.0.128.0/20"],
          peerSubnetCidrs: ["10.1.128.0/20"],
          dependsOn: [],
        }),
    );

    test("the ingress gateway reaches the other region's load balancers on the port of mutual TLS alone", () => {
      expect(policyOf(both, "allow-other-region")).toEqual({
        pod_selector: { match_labels: { istio: "ingressgateway" } },
        policy_types: ["Egress"],
        egress: [{ to: [{ ip_block: { cidr: "10.1.128.0/20" } }], ports: [{ port: "15443", protocol: "TCP" }] }],
      });
    });

    test("the east-west gateway is reached from this region's load balancer, which stands in the pods' subnets", () => {
      expect(policyOf(both, "allow-east-west-load-balancer")).toEqual({
        pod_selector: { match_labels: { istio: "eastwestgateway" } },
        policy_types: ["Ingress"],
        ingress: [
          {
            from: [{ ip_block: { cidr: "10.0.128.0/20" } }],
            ports: [
              { port: "15443", protocol: "TCP" },
              { port: "15021", protocol: "TCP" },
            ],
          },
        ],
      });
    });
  });

  test("there is no rule for another region where there is none", () => {
    expect(() => policyOf(json, "allow-other-region")).toThrow("no NetworkPolicy allow-other-region");
    expect(() => policyOf(json, "allow-east-west-load-balancer")).toThrow("no NetworkPolicy");
  });

  test("beside that it reaches DNS, istiod and the trace collector, and Prometheus reads its metrics", () => {
    const mesh = policyOf(json, "allow-mesh");
    expect(mesh.egress.map((rule: { ports: { port: string }[] }) => rule.ports.map((port) => port.port))).toEqual([
      ["53", "53"],
      ["15012"],
      ["4317"],
    ]);
    expect(mesh.ingress).toEqual([
      {
        from: [{ namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "observability" } } }],
        ports: [
          { port: "15020", protocol: "TCP" },
          { port: "15090", protocol: "TCP" },
        ],
      },
    ]);
  });
});

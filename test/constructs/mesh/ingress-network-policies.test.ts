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

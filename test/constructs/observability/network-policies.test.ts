import { ObservabilityNetworkPolicies } from "../../../constructs/observability";
import { type ResourceJson, resourcesOf, synthInCluster } from "../../support/synth";
import { edges } from "./support";

const json = synthInCluster((scope) => {
  new ObservabilityNetworkPolicies(scope, "policies", {
    nodeSubnetCidrs: ["10.0.128.0/20"],
    databaseSubnetCidrs: ["10.0.200.0/24"],
    dependsOn: [],
  });
});
const policies = Object.values(resourcesOf(json, "kubernetes_network_policy_v1"));

function spec(name: string): ResourceJson {
  const found = policies.find((policy) => policy["metadata"].name === name);
  if (!found) {
    throw new Error(`no policy ${name}`);
  }
  return found["spec"] as ResourceJson;
}

describe("ObservabilityNetworkPolicies", () => {
  test("deny every pod both ways unless another policy allows", () => {
    expect(spec("default-deny")).toEqual({ pod_selector: {}, policy_types: ["Ingress", "Egress"] });
    expect(policies.every((policy) => policy["metadata"].namespace === "observability")).toBe(true);
  });

  test("the Internet is open to Alertmanager and Grafana alone, over HTTPS, and to no private address", () => {
    const open = policies.filter((policy) =>
      edges(policy["spec"] as ResourceJson).some((edge) => edge.includes("0.0.0.0/0") || edge.includes("anyone")),
    );
    expect(open.map((policy) => policy["metadata"].name as string)).toEqual(["alert-publishing", "cloudwatch-queries"]);
    for (const policy of open) {
      expect(edges(policy["spec"] as ResourceJson)).toEqual(["to 169.254.170.23/32: TCP 80", "to 0.0.0.0/0: TCP 443"]);
      expect(policy["spec"].egress[1].to[0].ip_block.except).toEqual([
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
      ]);
    }
    expect(spec("alert-publishing")["pod_selector"]).toEqual({
      match_labels: { "app.kubernetes.io/name": "alertmanager" },
    });
    expect(spec("cloudwatch-queries")["pod_selector"]).toEqual({
      match_labels: { "app.kubernetes.io/name": "grafana" },
    });
  });

  test("the database's exporter reaches the database's subnets and its identity", () => {
    expect(edges(spec("database-queries"))).toEqual(["to 169.254.170.23/32: TCP 80", "to 10.0.200.0/24: TCP 5432"]);
    expect(spec("database-queries")["pod_selector"]).toEqual({
      match_labels: { "app.kubernetes.io/name": "database-exporter" },
    });
  });

  test("Prometheus reaches nothing of a tenant's pods but the proxy's two metrics ports", () => {
    const everywhere = edges(spec("scraping")).filter((edge) => edge.startsWith("to *"));
    expect(everywhere).toEqual(["to *: TCP 15020, TCP 15090"]);
    expect(spec("scraping")["pod_selector"]).toEqual({ match_labels: { "app.kubernetes.io/name": "prometheus" } });
  });

  test("Prometheus reaches kubelets, node exporters and the platform's own pods", () => {
    expect(edges(spec("scraping")).slice(1)).toEqual([
      "to kube-system+istio-system+istio-ingress+shared-services+observability+cert-manager+flagger-system: " +
        "TCP 15014, TCP 9090, TCP 8080, TCP 8085, TCP 9153, TCP 9402",
      "to 10.0.128.0/20: TCP 10250, TCP 9100",
    ]);
  });

  test("spans come from the mesh's namespaces and on one port only", () => {
    expect(edges(spec("traces"))).toEqual(["from enabled: TCP 4317"]);
    expect(spec("traces")["ingress"][0].from).toEqual([
      { namespace_selector: { match_labels: { "taskflow.io/mesh": "enabled" } } },
    ]);
  });

  test("Flagger and Kiali query Prometheus; Kiali alone queries Grafana and Jaeger", () => {
    expect(edges(spec("prometheus-queries"))).toEqual([
      "from flagger-system: TCP 9090",
      "from istio-system/kiali: TCP 9090",
    ]);
    expect(edges(spec("grafana-queries"))).toEqual(["from istio-system/kiali: TCP 3000"]);
    expect(edges(spec("trace-queries"))).toEqual(["from istio-system/kiali: TCP 16686"]);
  });

  test("the Kubernetes API is open by its Service and its interfaces, to all but those that have no use for it", () => {
    expect(edges(spec("kubernetes-api"))).toEqual(["to 172.20.0.1/32: TCP 443", "to 10.0.128.0/20: TCP 443"]);
    expect(spec("kubernetes-api")["pod_selector"].match_expressions).toEqual([
      { key: "app.kubernetes.io/name", operator: "NotIn", values: ["alertmanager", "jaeger", "database-exporter"] },
    ]);
  });

  test("the API server reaches the operator's webhook", () => {
    expect(edges(spec("operator-webhook"))).toEqual(["from 10.0.128.0/20: TCP 10250"]);
    expect(spec("operator-webhook")["pod_selector"]).toEqual({
      match_labels: { app: "kube-prometheus-stack-operator" },
    });
  });

  test("names are resolved by CoreDNS over UDP and TCP", () => {
    expect(edges(spec("dns"))).toEqual(["to kube-system/kube-dns: UDP 53, TCP 53"]);
  });
});

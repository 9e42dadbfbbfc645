import { ENVIRONMENTS } from "../../config";
import type { ClusterOutputs } from "../../constructs/cluster";
import { ObservabilityStack } from "../../stacks/observability-stack";
import { ALERT_TOPICS, DATABASE } from "../support/cluster";
import { resourcesOf, type StackJson, synthStack, testApp } from "../support/synth";

const CLUSTER: ClusterOutputs = {
  name: "taskflow-eks",
  endpoint: "https://cluster.example.com",
  certificateAuthority: "Y2E=",
  securityGroupId: "sg-cluster",
};

function build(environment = ENVIRONMENTS.production): ObservabilityStack {
  return new ObservabilityStack(testApp(), "observability", {
    environment,
    cluster: CLUSTER,
    database: DATABASE,
    alertTopics: ALERT_TOPICS,
  });
}

const json = synthStack(build());

/** The `data` of a ConfigMap: texts by name. */
const isTexts = (value: unknown): value is Record<string, string> =>
  typeof value === "object" && value !== null && Object.values(value).every((text) => typeof text === "string");

describe("ObservabilityStack", () => {
  test("matches the snapshot", () => {
    // Dashboards, rules and queries are reviewed as code; here they would change this with every word of theirs.
    const reviewed = JSON.parse(JSON.stringify(json), (key, value: unknown) =>
      key === "data" && isTexts(value) ? Object.keys(value) : value,
    ) as StackJson;
    for (const release of Object.values(resourcesOf(reviewed, "helm_release"))) {
      if (release["name"] === "platform-rules") {
        Object.assign(release, { values: "reviewed in constructs/observability/rules" });
      }
    }
    const text = JSON.stringify(reviewed).replaceAll(
      /"taskflow\.io\/config":"[0-9a-f]{12}"/g,
      '"taskflow.io/config":"HASH"',
    );
    expect(JSON.parse(text)).toMatchSnapshot();
  });

  test("installs Prometheus with Grafana, Jaeger, Kiali, the monitors and the rules", () => {
    const releases = Object.values(resourcesOf(json, "helm_release")).map((release) => release["name"]);
    expect(releases.sort()).toEqual([
      "jaeger",
      "kiali",
      "kube-prometheus-stack",
      "platform-monitors",
      "platform-rules",
    ]);
  });

  test("a failed release is taken back whole", () => {
    for (const release of Object.values(resourcesOf(json, "helm_release"))) {
      expect(release).toMatchObject({ atomic: true, cleanup_on_fail: true });
    }
  });

  test("rendered manifests, Grafana's drawn password among them, stay out of Terraform's state", () => {
    expect(JSON.stringify(json.provider?.["helm"])).not.toContain("experiments");
    expect(resourcesOf(json, "kubernetes_secret_v1")).toEqual({});
  });

  test("no release runs before the namespace's policies are in force", () => {
    const policies = Object.keys(resourcesOf(json, "kubernetes_network_policy_v1"))
      .filter((id) => id.startsWith("network-policies"))
      .map((id) => `kubernetes_network_policy_v1.${id}`);
    expect(policies).toHaveLength(13);
    for (const release of Object.values(resourcesOf(json, "helm_release"))) {
      if (["jaeger", "kube-prometheus-stack"].includes(release["name"] as string)) {
        expect(release["depends_on"]).toEqual(expect.arrayContaining(policies));
      }
    }
  });

  test("Alertmanager, Grafana and the database's exporter start after AWS knows their service accounts", () => {
    const identityOf = (account: string): string => {
      const associations = Object.entries(resourcesOf(json, "aws_eks_pod_identity_association"));
      const [id] = associations.find(([, one]) => one["service_account"] === account) ?? [];
      return `aws_eks_pod_identity_association.${id ?? "none"}`;
    };
    const releases = Object.values(resourcesOf(json, "helm_release"));
    const prometheus = releases.find((release) => release["name"] === "kube-prometheus-stack");
    expect(prometheus?.["depends_on"]).toEqual(
      expect.arrayContaining(
        ["alertmanager", "grafana"].map((account) => identityOf(`kube-prometheus-stack-${account}`)),
      ),
    );
    const [exporter] = Object.values(resourcesOf(json, "kubernetes_deployment_v1"));
    expect(exporter?.["depends_on"]).toContain(identityOf("database-exporter"));
  });

  test("monitors and rules wait for the operator, with which their kinds come", () => {
    const releases = Object.entries(resourcesOf(json, "helm_release"));
    const operator = releases.find(([, release]) => release["name"] === "kube-prometheus-stack")?.[0];
    for (const name of ["platform-monitors", "platform-rules"]) {
      const objects = releases.find(([, release]) => release["name"] === name)?.[1];
      expect(objects?.["depends_on"]).toEqual([`helm_release.${operator ?? ""}`]);
    }
  });

  test("staging gets smaller disks than production", () => {
    const text = JSON.stringify(synthStack(build(ENVIRONMENTS.staging)));
    expect(text).toContain('\\"storage\\":\\"20Gi\\"');
    expect(text).not.toContain('\\"storage\\":\\"80Gi\\"');
  });
});

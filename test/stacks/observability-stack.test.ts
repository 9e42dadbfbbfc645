import { ENVIRONMENTS } from "../../config";
import type { ClusterOutputs } from "../../constructs/cluster";
import { ObservabilityStack } from "../../stacks/observability-stack";
import { resourcesOf, synthStack, testApp } from "../support/synth";

const CLUSTER: ClusterOutputs = {
  name: "taskflow-eks",
  endpoint: "https://cluster.example.com",
  certificateAuthority: "Y2E=",
  securityGroupId: "sg-cluster",
};

function build(environment = ENVIRONMENTS.production): ObservabilityStack {
  return new ObservabilityStack(testApp(), "observability", { environment, cluster: CLUSTER });
}

const json = synthStack(build());

describe("ObservabilityStack", () => {
  test("matches the snapshot", () => {
    expect(json).toMatchSnapshot();
  });

  test("installs Prometheus with Grafana, Jaeger, Kiali and the monitors", () => {
    const releases = Object.values(resourcesOf(json, "helm_release")).map((release) => release["name"]);
    expect(releases.sort()).toEqual(["jaeger", "kiali", "kube-prometheus-stack", "platform-monitors"]);
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
    expect(policies).toHaveLength(10);
    for (const release of Object.values(resourcesOf(json, "helm_release"))) {
      if (["jaeger", "kube-prometheus-stack"].includes(release["name"] as string)) {
        expect(release["depends_on"]).toEqual(expect.arrayContaining(policies));
      }
    }
  });

  test("monitors wait for the operator, with which their kinds come", () => {
    const releases = Object.entries(resourcesOf(json, "helm_release"));
    const operator = releases.find(([, release]) => release["name"] === "kube-prometheus-stack")?.[0];
    const monitors = releases.find(([, release]) => release["name"] === "platform-monitors")?.[1];
    expect(monitors?.["depends_on"]).toEqual([`helm_release.${operator ?? ""}`]);
  });

  test("staging gets smaller disks than production", () => {
    const text = JSON.stringify(synthStack(build(ENVIRONMENTS.staging)));
    expect(text).toContain('\\"storage\\":\\"20Gi\\"');
    expect(text).not.toContain('\\"storage\\":\\"80Gi\\"');
  });
});

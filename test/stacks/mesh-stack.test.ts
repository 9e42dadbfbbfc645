import { ENVIRONMENTS } from "../../config";
import { MeshStack } from "../../stacks/mesh-stack";
import { resourcesOf, synthStack, testApp } from "../support/synth";
import { manifestsOf, releaseOf, valuesOf } from "../constructs/mesh/support";

function meshStack(): MeshStack {
  return new MeshStack(testApp(), "mesh", {
    environment: ENVIRONMENTS.production,
    network: {
      vpcId: "vpc-1",
      publicSubnetIds: ["subnet-public"],
      privateSubnetIds: ["subnet-private"],
      databaseSubnetIds: ["subnet-a", "subnet-c", "subnet-d"],
    },
    cluster: {
      name: "taskflow-eks",
      endpoint: "https://cluster.example",
      certificateAuthority: "Y2E=",
      securityGroupId: "sg-cluster",
    },
    edge: {
      targetGroupArn: "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/taskflow/1",
      loadBalancerSecurityGroupId: "sg-alb",
    },
    registry: { repositoryUrls: { "taskflow/api-gateway": "registry.example/taskflow/api-gateway" } },
  });
}

describe("MeshStack", () => {
  const json = synthStack(meshStack());

  test("is as reviewed", () => {
    expect(json).toMatchSnapshot();
  });

  test("installs every release that the design names", () => {
    const charts = Object.values(resourcesOf(json, "helm_release"))
      .filter((release) => release["repository"] !== undefined)
      .map((release) => String(release["name"]));
    expect(charts.sort()).toEqual([
      "aws-load-balancer-controller",
      "cert-manager",
      "cluster-autoscaler",
      "flagger",
      "flagger-loadtester",
      "istio-base",
      "istio-cni",
      "istio-ingressgateway",
      "istiod",
      "metrics-server",
    ]);
  });

  test("every release is atomic and of a pinned version", () => {
    for (const release of Object.values(resourcesOf(json, "helm_release"))) {
      expect(release["atomic"]).toBe(true);
      if (release["repository"] !== undefined) {
        expect(release["version"]).toMatch(/^v?\d+\.\d+\.\d+$/);
      }
    }
  });

  test("plans before its CRDs exist: no object goes through kubernetes_manifest", () => {
    expect(resourcesOf(json, "kubernetes_manifest")).toEqual({});
  });

  test.each([
    ["istio-ingressgateway", ["istio_istiod", "cert-manager_release", "load-balancer-controller_release"]],
    ["ingress-gateway-target-group", ["load-balancer-controller_release"]],
    ["ingress-gateway-config", ["istio_istiod", "cert-manager_release"]],
    ["mesh-defaults", ["istio_istiod"]],
    ["rate-limit-filters", ["istio_istiod"]],
    ["aws-load-balancer-controller", ["cert-manager_release"]],
    ["metrics-server", ["cert-manager_release"]],
    ["api-gateway-canary", ["flagger_release", "flagger_loadtester", "api-gateway_deployment"]],
  ])("%s comes after what it needs", (name, needed) => {
    const dependencies = (releaseOf(json, name)["depends_on"] as string[]).join(" ");
    for (const one of needed) {
      expect(dependencies).toContain(one);
    }
  });

  test("no pod of shared-services runs before the namespace is closed", () => {
    for (const deployment of Object.values(resourcesOf(json, "kubernetes_deployment_v1"))) {
      const dependencies = (deployment["depends_on"] as string[]).join(" ");
      expect(dependencies).toContain("network-policies_default-deny-all");
      expect(dependencies).toContain("helm_release.shared-services_manifests");
    }
  });

  test("nothing per tenant stands in it", () => {
    expect(JSON.stringify(json)).not.toMatch(/acme-corp|small-biz/);
  });

  test("no Secret, key or password passes through it", () => {
    expect(resourcesOf(json, "kubernetes_secret_v1")).toEqual({});
    expect(manifestsOf(json).map((object) => object.kind)).not.toContain("Secret");
    expect(JSON.stringify(json)).not.toMatch(/PRIVATE KEY|auth_token|"password"/i);
  });

  test("hosts follow the environment's domain", () => {
    const canary = manifestsOf(json).find((object) => object.kind === "Canary");
    expect(canary?.spec).toMatchObject({ service: { hosts: ["api.taskflow.example.com"] } });
  });

  test("controllers are told the environment's region and the stack's VPC", () => {
    expect(valuesOf(json, "aws-load-balancer-controller")).toMatchObject({ region: "ap-northeast-1", vpcId: "vpc-1" });
  });

  test("two syntheses give identical bytes", () => {
    expect(JSON.stringify(synthStack(meshStack()))).toBe(JSON.stringify(json));
  });
});

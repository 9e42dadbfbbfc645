import { ENVIRONMENTS, type Environment } from "../../config";
import { MeshStack } from "../../stacks/mesh-stack";
import { resourcesOf, type StackJson, synthStack, testApp } from "../support/synth";
import { STANDBY } from "../constructs/mesh/standby";
import { secondaryOf } from "../support/regions";
import { manifestsOf, policyOf, releaseOf, specOf, valuesOf } from "../constructs/mesh/support";

function meshStack(environment: Environment = ENVIRONMENTS.production, id = "mesh"): MeshStack {
  return new MeshStack(testApp(), id, {
    environment,
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

describe("MeshStack with a second region in standby", () => {
  const secondary = secondaryOf(STANDBY);
  const json = synthStack(meshStack(STANDBY));
  const other = synthStack(meshStack(secondary, "dr-mesh"));

  test("is as reviewed", () => {
    expect(added(json, synthStack(meshStack()))).toMatchSnapshot();
  });

  test("the intermediate of the shared root is there before istiod, which else makes a root of its own", () => {
    expect((releaseOf(json, "istio-base")["depends_on"] as string[]).join(" ")).toContain(
      "kubernetes_secret_v1.authority_secret",
    );
    expect((releaseOf(json, "istiod")["depends_on"] as string[]).join(" ")).toContain("istio_base");
  });

  test("the east-west gateway comes after its policies, istiod and the controller that binds its pods", () => {
    const dependencies = (releaseOf(json, "istio-eastwestgateway")["depends_on"] as string[]).join(" ");
    for (const needed of ["istio_istiod", "allow-east-west-load-balancer", "load-balancer-controller_release"]) {
      expect(dependencies).toContain(needed);
    }
  });

  test("the api-gateway may lose all of its pods to ejection", () => {
    const canary = manifestsOf(json).find(({ kind }) => kind === "Canary");
    expect(canary?.spec).toMatchObject({
      service: { trafficPolicy: { outlierDetection: { maxEjectionPercent: 100 } } },
    });
  });

  test("each region names the other, with its own cluster, network and hosts", () => {
    expect([json, other].map((one) => valuesOf(one, "istiod").global.network)).toEqual(["ap-northeast-1", "us-east-1"]);
    expect([json, other].map((one) => Object.keys(valuesOf(one, "istiod").global.meshNetworks))).toEqual([
      ["us-east-1"],
      ["ap-northeast-1"],
    ]);
    expect([json, other].map((one) => specOf(one, "WorkloadEntry").network)).toEqual(["us-east-1", "ap-northeast-1"]);
    expect([json, other].map((one) => specOf(one, "VirtualService").hosts)).toEqual([
      ["ap-northeast-1.region.taskflow.example.com"],
      ["us-east-1.region.taskflow.example.com"],
    ]);
  });

  test("each region's pods are in its own network, and its ingress gateway reaches the other's load balancers", () => {
    const networks = [json, other].flatMap((one) =>
      Object.values(resourcesOf(one, "kubernetes_namespace_v1")).flatMap(
        ({ metadata }) => (metadata.labels["topology.istio.io/network"] as string | undefined) ?? [],
      ),
    );
    expect(networks).toEqual(["ap-northeast-1", "us-east-1"]);
    const blocks = [json, other].map((one) =>
      policyOf(one, "allow-other-region").egress[0].to.map((to: { ip_block: { cidr: string } }) => to.ip_block.cidr),
    );
    expect(blocks).toEqual([
      ["10.1.128.0/20", "10.1.144.0/20", "10.1.160.0/20"],
      ["10.0.128.0/20", "10.0.144.0/20", "10.0.160.0/20"],
    ]);
  });

  test("one mesh: what a certificate names is the same in both", () => {
    for (const one of [json, other]) {
      expect(valuesOf(one, "istiod")).toMatchObject({
        global: { meshID: "taskflow-mesh" },
        meshConfig: { trustDomain: "cluster.local" },
      });
    }
  });

  test("neither reads the other's cluster or state", () => {
    expect(JSON.stringify([json, other])).not.toMatch(/terraform_remote_state|remote-secret|istio\/multiCluster/);
  });
});

/** What a stack has that another has not, or has otherwise: resources by type and id. */
function added(json: StackJson, before: StackJson): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries({ ...json.data, ...json.resource }).flatMap(([type, resources]) =>
      Object.entries(resources)
        .filter(([id, resource]) => {
          const old = before.resource?.[type]?.[id] ?? before.data?.[type]?.[id];
          return JSON.stringify(old) !== JSON.stringify(resource);
        })
        .map(([id, resource]) => [`${type}.${id}`, resource]),
    ),
  );
}

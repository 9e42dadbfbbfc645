import { ApiGateway } from "../../../constructs/mesh/api-gateway";
import { FLAGGER_LABEL } from "../../../constructs/mesh/flagger";
import { onlyResource, resourcesOf, synthInCluster } from "../../support/synth";
import { specOf } from "./support";

describe("ApiGateway, which Flagger rolls out", () => {
  const json = synthInCluster(
    (scope) =>
      new ApiGateway(scope, "api-gateway", {
        repositoryUrls: { "taskflow/api-gateway": "registry.example/taskflow/api-gateway" },
        domain: "taskflow.example.com",
        dependsOn: [],
      }),
  );
  const deployment = onlyResource(json, "kubernetes_deployment_v1");

  test("selects by the label that Flagger rewrites, which its pods bear", () => {
    expect(FLAGGER_LABEL).toBe("app");
    expect(deployment["spec"].selector.match_labels).toEqual({
      app: "api-gateway",
      "taskflow.io/service": "api-gateway",
      version: "v1",
    });
    expect(deployment["spec"].template.metadata.labels.app).toBe("api-gateway");
  });

  test("policies and budget hold for Flagger's primary copy, whose label `app` is another", () => {
    expect(onlyResource(json, "kubernetes_pod_disruption_budget_v1")["spec"]).toEqual({
      max_unavailable: "1",
      selector: { match_labels: { "taskflow.io/service": "api-gateway" } },
    });
  });

  test("Terraform leaves its replicas to Flagger", () => {
    expect(deployment["lifecycle"].ignore_changes).toEqual(["spec[0].replicas"]);
  });

  test("Terraform owns none of the names that Flagger makes", () => {
    expect(resourcesOf(json, "kubernetes_service_v1")).toEqual({});
    expect(resourcesOf(json, "kubernetes_manifest")).toEqual({});
  });

  test("scales from 2 to 6 at 60 % of its own container's CPU; Flagger copies the autoscaler", () => {
    const { spec } = onlyResource(json, "kubernetes_horizontal_pod_autoscaler_v2") as {
      spec: Record<string, unknown>;
    };
    expect(spec).toMatchObject({
      min_replicas: 2,
      max_replicas: 6,
      metric: [
        {
          type: "ContainerResource",
          container_resource: { container: "api-gateway", target: { average_utilization: 60 } },
        },
      ],
    });
    expect(specOf(json, "Canary").autoscalerRef).toMatchObject({
      kind: "HorizontalPodAutoscaler",
      name: "api-gateway",
    });
  });

  test("half of its pods are kept from ejection, where no other region answers in their place", () => {
    expect(specOf(json, "Canary").service.trafficPolicy.outlierDetection.maxEjectionPercent).toBe(50);
    const both = synthInCluster(
      (scope) =>
        new ApiGateway(scope, "api-gateway", {
          repositoryUrls: { "taskflow/api-gateway": "registry.example/taskflow/api-gateway" },
          domain: "taskflow.example.com",
          failsOver: true,
          dependsOn: [],
        }),
    );
    expect(specOf(both, "Canary").service.trafficPolicy.outlierDetection).toEqual({
      consecutive5xxErrors: 3,
      interval: "10s",
      baseEjectionTime: "30s",
      maxEjectionPercent: 100,
    });
  });

  test("runs the registry's image of the release, under the identity that tenants except", () => {
    expect(deployment["spec"].template.spec).toMatchObject({
      container: [{ image: "registry.example/taskflow/api-gateway:1.0.0" }],
      service_account_name: "api-gateway",
      automount_service_account_token: false,
    });
  });

  test("throws when the registry has no repository for the api-gateway", () => {
    expect(() =>
      synthInCluster(
        (scope) => new ApiGateway(scope, "api-gateway", { repositoryUrls: {}, domain: "example.com", dependsOn: [] }),
      ),
    ).toThrow('test/api-gateway: the registry has no repository "taskflow/api-gateway"');
  });
});

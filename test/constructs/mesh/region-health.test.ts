import { RegionHealth } from "../../../constructs/mesh";
import { onlyResource, synthInCluster } from "../../support/synth";
import { specOf } from "./support";

describe("RegionHealth", () => {
  const json = synthInCluster(
    (scope) => new RegionHealth(scope, "health", { host: "us-east-1.region.taskflow.example.com", dependsOn: [] }),
  );

  test("answers one path of the region's own host, in the time that Route 53 waits", () => {
    expect(specOf(json, "VirtualService")).toEqual({
      hosts: ["us-east-1.region.taskflow.example.com"],
      gateways: ["istio-ingress/taskflow"],
      exportTo: [".", "istio-ingress"],
      http: [
        {
          name: "region-health",
          match: [{ uri: { exact: "/healthz/ready" } }],
          route: [
            {
              destination: {
                host: "api-gateway-region.shared-services.svc.cluster.local",
                port: { number: 8080 },
              },
            },
          ],
          timeout: "2s",
        },
      ],
    });
  });

  test("asks pods of this region alone: the other region's entry has no label of ours", () => {
    expect(onlyResource(json, "kubernetes_service_v1")).toMatchObject({
      metadata: { name: "api-gateway-region", namespace: "shared-services" },
      spec: {
        selector: { app: "api-gateway-primary", "taskflow.io/service": "api-gateway" },
        port: [{ name: "http", app_protocol: "http", port: 8080, target_port: "8080" }],
      },
    });
  });
});

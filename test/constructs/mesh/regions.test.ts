import { ENVIRONMENTS } from "../../../config";
import { meshRegions } from "../../../constructs/mesh";
import { meshNetworks } from "../../../constructs/mesh/regions";
import { secondaryOf } from "../../support/regions";
import { regions, STANDBY } from "./standby";

describe("Brief: Istio multi-cluster (networks per region)", () => {
  test("there are none without a second region", () => {
    expect(meshRegions(ENVIRONMENTS.production)).toBeUndefined();
  });

  test("each region sees itself and the other", () => {
    const { own, peer } = regions();
    expect(meshRegions(secondaryOf(STANDBY))).toEqual({ own: peer, peer: own });
    expect(peer).toEqual({
      region: "us-east-1",
      clusterName: "taskflow-eks-dr",
      podSubnetCidrs: ["10.1.128.0/20", "10.1.144.0/20", "10.1.160.0/20"],
      gatewayHost: "us-east-1.mesh.region.taskflow.example.com",
    });
  });

  test("the peer's network is reached through its gateway, on the port of mutual TLS", () => {
    expect(meshNetworks(regions().peer)).toEqual({
      "us-east-1": {
        endpoints: [{ fromRegistry: "taskflow-eks-dr" }],
        gateways: [{ address: "us-east-1.mesh.region.taskflow.example.com", port: 15443 }],
      },
    });
  });
});

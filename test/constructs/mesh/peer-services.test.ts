import { PeerServices } from "../../../constructs/mesh";
import { synthInCluster } from "../../support/synth";
import { regions } from "./standby";
import { manifestsOf, specOf } from "./support";

describe("PeerServices", () => {
  const { peer } = regions();
  const json = synthInCluster((scope) => new PeerServices(scope, "peer", { peer, dependsOn: [] }));

  test("the other region's api-gateway joins the pods of Flagger's Service, in its own network and locality", () => {
    expect(specOf(json, "WorkloadEntry", "api-gateway-primary-us-east-1")).toEqual({
      labels: { app: "api-gateway-primary", "security.istio.io/tlsMode": "istio" },
      network: "us-east-1",
      locality: "us-east-1",
      serviceAccount: "api-gateway",
    });
  });

  test("stands in the Service's namespace, and nothing else stands in for anything", () => {
    expect(manifestsOf(json).map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ["WorkloadEntry", "shared-services"],
    ]);
  });
});

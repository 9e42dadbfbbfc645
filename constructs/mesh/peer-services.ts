import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { NAMESPACES, SERVICE_ACCOUNTS } from "../../config";
import { LocalManifests, workloadEntry } from "../kubernetes";
import { FLAGGER_LABEL } from "./flagger";
import { API_GATEWAY_PRIMARY } from "./names";
import type { MeshRegion } from "./regions";

export interface PeerServicesProps {
  readonly peer: MeshRegion;
  /** istiod, the namespace's protections. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * What of the other region stands in for this one's: the api-gateway. The entry joins the pods that Flagger's Service
 * selects as one more endpoint, in the other region's network and locality. Envoy prefers its own region, so that it gets
 * requests once the pods here are ejected, not ready or gone, and no longer than that (`localityLbSetting`, on by default,
 * needs the outlier detection that the Service's rule has). The peer's istiod is not asked: without an address, the entry
 * leads to its east-west gateway.
 */
export class PeerServices extends Construct {
  constructor(scope: Construct, id: string, props: PeerServicesProps) {
    super(scope, id);
    const { region } = props.peer;
    new LocalManifests(this, "manifests", {
      releaseName: "peer-services",
      namespace: NAMESPACES.sharedServices,
      objects: [
        workloadEntry(
          { name: `${API_GATEWAY_PRIMARY}-${region}`, namespace: NAMESPACES.sharedServices },
          {
            // No label of ours: Services that select by one mean this region's pods alone. Without the mode, istiod takes it
            // for an endpoint without a sidecar, and leaves it out.
            labels: { [FLAGGER_LABEL]: API_GATEWAY_PRIMARY, "security.istio.io/tlsMode": "istio" },
            network: region,
            locality: region,
            serviceAccount: SERVICE_ACCOUNTS.apiGateway,
          },
        ),
      ],
      dependsOn: props.dependsOn,
    });
  }
}

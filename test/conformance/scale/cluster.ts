import { MeshCluster } from "../mesh/cluster";
import { KubeRouter } from "../mesh/kube-router";

type Begun = Parameters<MeshCluster["begin"]>[0];

/**
 * A cluster in which nobody enforces NetworkPolicies: no figure depends on them, and their controller would take as much of
 * the machine as the API server while thousands of pods arrive (measured).
 */
export class OpenCluster extends MeshCluster {
  public override async begin(engine: Begun): Promise<void> {
    if (!(engine instanceof KubeRouter)) {
      await super.begin(engine);
    }
  }
}

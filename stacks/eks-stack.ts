import type { Construct } from "constructs";

import { peerEnvironment } from "../config";
import type { AlertTopicArns } from "../constructs/account";
import { Cluster, type ClusterOutputs } from "../constructs/cluster";
import { MeshAuthoritySecret } from "../constructs/mesh";
import type { NetworkOutputs } from "../constructs/network";
import { BaseStack, type BaseStackProps } from "./base-stack";

export interface EksStackProps extends BaseStackProps {
  readonly network: NetworkOutputs;
  readonly alertTopics: AlertTopicArns;
}

/** The Kubernetes cluster: control plane, nodes, add-ons, and who may use it. */
export class EksStack extends BaseStack {
  public readonly cluster: ClusterOutputs;

  constructor(scope: Construct, id: string, props: EksStackProps) {
    super(scope, id, props);
    this.cluster = new Cluster(this, "cluster", props).outputs;
    if (peerEnvironment(props.environment) !== undefined) {
      new MeshAuthoritySecret(this, "mesh-authority", { region: props.environment.region });
    }
  }
}

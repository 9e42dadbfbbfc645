import type { Construct } from "constructs";

import type { ClusterOutputs } from "../constructs/cluster";
import {
  EncryptedStorageClass,
  Jaeger,
  Kiali,
  Monitors,
  ObservabilityNamespace,
  ObservabilityNetworkPolicies,
  PrometheusStack,
} from "../constructs/observability";
import { BaseStack, type BaseStackProps } from "./base-stack";
import { addHelmProvider, addKubernetesProvider } from "./cluster-providers";

export interface ObservabilityStackProps extends BaseStackProps {
  readonly cluster: ClusterOutputs;
}

/** Metrics, dashboards, traces and the picture of the mesh. */
export class ObservabilityStack extends BaseStack {
  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id, props);
    const { environment, cluster } = props;
    addKubernetesProvider(this, cluster, environment.region);
    addHelmProvider(this, cluster, environment.region);
    const nodeSubnetCidrs = environment.network.privateSubnets.map((subnet) => subnet.cidr);

    const namespace = new ObservabilityNamespace(this, "namespace").resource;
    const storageClass = new EncryptedStorageClass(this, "storage-class", { environmentName: environment.name })
      .resource;
    const policies = new ObservabilityNetworkPolicies(this, "network-policies", {
      nodeSubnetCidrs,
      dependsOn: [namespace],
    }).resources;
    const foundation = [namespace, storageClass, ...policies];

    const prometheus = new PrometheusStack(this, "prometheus", { environment, dependsOn: foundation });
    new Monitors(this, "monitors", { dependsOn: [prometheus.release] });
    new Jaeger(this, "jaeger", { dependsOn: foundation });
    new Kiali(this, "kiali", { nodeSubnetCidrs });
  }
}

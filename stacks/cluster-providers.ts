import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { Fn, type TerraformStack } from "cdktf";

import type { ClusterOutputs } from "../constructs/cluster";

/** How Terraform gets a token for the cluster: asked for at each run, so none stands in a state or a plan. */
function exec(cluster: ClusterOutputs, region: string) {
  return {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "aws",
    args: ["eks", "get-token", "--cluster-name", cluster.name, "--region", region],
  };
}

/** Gives a stack the Kubernetes provider for the cluster. */
export function addKubernetesProvider(stack: TerraformStack, cluster: ClusterOutputs, region: string): void {
  new KubernetesProvider(stack, "kubernetes", {
    host: cluster.endpoint,
    clusterCaCertificate: Fn.base64decode(cluster.certificateAuthority),
    exec: [exec(cluster, region)],
  });
}

/** Gives a stack the Helm provider for the cluster. */
export function addHelmProvider(stack: TerraformStack, cluster: ClusterOutputs, region: string): void {
  new HelmProvider(stack, "helm", {
    kubernetes: {
      host: cluster.endpoint,
      clusterCaCertificate: Fn.base64decode(cluster.certificateAuthority),
      exec: exec(cluster, region),
    },
  });
}

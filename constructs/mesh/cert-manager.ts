import type { Release } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { CHARTS, NAMESPACES } from "../../config";
import { HelmChart } from "../kubernetes";
import { SYSTEM_PLACEMENT } from "./placement";

export interface CertManagerProps {
  readonly dependsOn: ITerraformDependable[];
}

/** Two of each: a webhook that is away refuses every Certificate. */
const REPLICAS = 2;

const component = (cpu: string, memory: string) => ({
  replicaCount: REPLICAS,
  podDisruptionBudget: { enabled: true, minAvailable: 1 },
  resources: { requests: { cpu, memory }, limits: { memory } },
  tolerations: SYSTEM_PLACEMENT.tolerations,
});

/**
 * cert-manager, for certificates inside the cluster alone: the ingress gateway's, and those of the controllers' webhooks.
 * Their keys are made where they are used, so none passes through Terraform's state or a Helm release. Public
 * certificates are ACM's.
 */
export class CertManager extends Construct {
  public readonly release: Release;

  constructor(scope: Construct, id: string, props: CertManagerProps) {
    super(scope, id);
    this.release = new HelmChart(this, "release", {
      chart: CHARTS.certManager,
      namespace: NAMESPACES.certManager,
      releaseName: "cert-manager",
      values: {
        // Kept when the release goes: deleting the CRDs deletes every Certificate with them.
        crds: { enabled: true, keep: true },
        global: {
          // The chart's default is kube-system, where it would need rights it has no other use for.
          leaderElection: { namespace: NAMESPACES.certManager },
          nodeSelector: SYSTEM_PLACEMENT.nodeSelector,
        },
        ...component("20m", "128Mi"),
        webhook: component("10m", "64Mi"),
        cainjector: component("20m", "192Mi"),
        startupapicheck: { tolerations: SYSTEM_PLACEMENT.tolerations },
      },
      dependsOn: props.dependsOn,
    }).release;
  }
}

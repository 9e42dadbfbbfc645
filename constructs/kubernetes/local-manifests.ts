import { join } from "node:path";

import { Release } from "@cdktf/provider-helm/lib/release";
import { AssetType, type ITerraformDependable, TerraformAsset } from "cdktf";
import { Construct } from "constructs";

import type { KubernetesObject } from "./object";

export interface LocalManifestsProps {
  /** Release name. @default - the construct's id */
  readonly releaseName?: string;
  /** Namespace that keeps the release's record; each object names its own. */
  readonly namespace: string;
  readonly objects: readonly KubernetesObject[];
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Objects whose CRDs arrive in the same Terraform run, as one release of the chart `charts/manifests`: Helm looks the
 * kinds up when it applies, `kubernetes_manifest` when it plans.
 */
export class LocalManifests extends Construct {
  public readonly release: Release;

  constructor(scope: Construct, id: string, props: LocalManifestsProps) {
    super(scope, id);
    const chart = new TerraformAsset(this, "chart", {
      path: join(__dirname, "../../charts/manifests"),
      type: AssetType.DIRECTORY,
    });
    this.release = new Release(this, "Resource", {
      name: props.releaseName ?? id,
      namespace: props.namespace,
      chart: `./${chart.path}`,
      values: [JSON.stringify({ manifests: props.objects })],
      atomic: true,
      cleanupOnFail: true,
      maxHistory: 10,
      ...(props.dependsOn ? { dependsOn: props.dependsOn } : {}),
    });
  }
}

import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest";
import type { TerraformMetaArguments } from "cdktf";
import { Construct } from "constructs";

import type { KubernetesObject } from "./object";

export interface KubernetesManifestProps extends Pick<TerraformMetaArguments, "dependsOn"> {
  readonly object: KubernetesObject;
}

/**
 * One object of a kind that the provider has no resource for, kept as the repository says: a plan shows drift in every
 * field, labels and annotations included, and an apply takes a field back from whoever changed it. Its CRD must exist
 * when the stack is planned, and each costs 0.1 s of every plan; a tenant has at most five.
 */
export class KubernetesManifest extends Construct {
  /** For what needs this object. */
  public readonly resource: Manifest;

  constructor(scope: Construct, id: string, props: KubernetesManifestProps) {
    super(scope, id);
    this.resource = new Manifest(this, "Resource", {
      manifest: props.object,
      // The provider's default leaves labels and annotations out of drift detection.
      computedFields: [],
      fieldManager: { name: "taskflow", forceConflicts: true },
      ...(props.dependsOn ? { dependsOn: props.dependsOn } : {}),
    });
  }
}

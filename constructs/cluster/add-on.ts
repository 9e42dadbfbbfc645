import { DataAwsEksAddonVersion } from "@cdktf/provider-aws/lib/data-aws-eks-addon-version";
import { EksAddon } from "@cdktf/provider-aws/lib/eks-addon";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { type EKS_ADDONS, KUBERNETES_VERSION } from "../../config";

export type AddOnName = (typeof EKS_ADDONS)[number];

export interface AddOnProps {
  readonly clusterName: string;
  readonly name: AddOnName;
  /** Settings after the add-on's own JSON schema. @default - the add-on's defaults */
  readonly configuration?: object;
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * One EKS add-on. Its version is the newest that AWS offers for the cluster's Kubernetes version when the plan is made:
 * a version number in the repository goes stale within weeks and is refused once Kubernetes moves on, while a version
 * that is left out stays at whatever was the default on the day of creation. The plan names the version, and what was
 * planned is what gets applied.
 */
export class AddOn extends Construct {
  public readonly resource: EksAddon;

  constructor(scope: Construct, id: string, props: AddOnProps) {
    super(scope, id);
    const version = new DataAwsEksAddonVersion(this, "version", {
      addonName: props.name,
      kubernetesVersion: KUBERNETES_VERSION,
      mostRecent: true,
    });
    this.resource = new EksAddon(this, "Resource", {
      clusterName: props.clusterName,
      addonName: props.name,
      addonVersion: version.version,
      // The repository owns the settings: a change by hand is drift and goes with the next apply.
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      ...(props.configuration ? { configurationValues: literal(JSON.stringify(props.configuration)) } : {}),
      ...(props.dependsOn ? { dependsOn: [...props.dependsOn] } : {}),
    });
  }
}

/** Keeps Terraform from reading `${…}` of another language as its own. */
function literal(text: string): string {
  // A function, because a replacement text has a meaning of its own for `$`.
  return text.replaceAll("${", () => "$${");
}

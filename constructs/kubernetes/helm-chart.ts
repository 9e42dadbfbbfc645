import { Release } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { ChartVersion } from "../../config";

export interface HelmChartProps {
  /** Chart, repository and pinned version, from `config/versions.ts`. */
  readonly chart: ChartVersion;
  readonly namespace: string;
  /** @default - the construct's id */
  readonly releaseName?: string;
  /** The chart's values. Helm ignores a key that the chart does not know, in silence: check them against its defaults. */
  readonly values: object;
  /** Seconds that Helm waits for the release's pods. @default 600 */
  readonly timeoutSeconds?: number;
  readonly dependsOn?: ITerraformDependable[];
}

/** One Helm release: atomic, cleaned up when it fails, its values readable field by field in a plan. */
export class HelmChart extends Construct {
  /** For the releases and objects that need this one. */
  public readonly release: Release;

  constructor(scope: Construct, id: string, props: HelmChartProps) {
    super(scope, id);
    this.release = new Release(this, "Resource", {
      name: props.releaseName ?? id,
      namespace: props.namespace,
      repository: props.chart.repository,
      chart: props.chart.chart,
      version: props.chart.version,
      // JSON, because Terraform shows a changed JSON text as a structure.
      values: [JSON.stringify(props.values)],
      atomic: true,
      cleanupOnFail: true,
      maxHistory: 10,
      timeout: props.timeoutSeconds ?? 600,
      ...(props.dependsOn ? { dependsOn: props.dependsOn } : {}),
    });
  }
}

import { HorizontalPodAutoscalerV2 } from "@cdktf/provider-kubernetes/lib/horizontal-pod-autoscaler-v2";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { Replicas } from "../../config";

export interface CpuAutoscalerProps {
  readonly namespace: string;
  /** Name of the Deployment; the autoscaler bears it too. */
  readonly deployment: string;
  /** The container that is measured. A sidecar at rest would hide a service at its limit. */
  readonly container: string;
  readonly replicas: Replicas;
  readonly labels?: Readonly<Record<string, string>>;
  readonly dependsOn: ITerraformDependable[];
}

/** CPU that the container is kept at, per cent of its request (brief: 60 % or more). */
const TARGET_CPU_PERCENT = 60;

/** Seconds that the autoscaler waits before it takes a pod away. */
const SCALE_DOWN_STABILIZATION_SECONDS = 300;

/** Scales a Deployment by the CPU of its one container that does the work; up at once, down by a pod a minute. */
export class CpuAutoscaler extends Construct {
  /** For what needs it. */
  public readonly resource: HorizontalPodAutoscalerV2;

  constructor(scope: Construct, id: string, props: CpuAutoscalerProps) {
    super(scope, id);
    this.resource = new HorizontalPodAutoscalerV2(this, "Resource", {
      metadata: {
        name: props.deployment,
        namespace: props.namespace,
        ...(props.labels ? { labels: props.labels } : {}),
      },
      spec: {
        minReplicas: props.replicas.min,
        maxReplicas: props.replicas.max,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: props.deployment },
        metric: [
          {
            type: "ContainerResource",
            containerResource: {
              name: "cpu",
              container: props.container,
              target: { type: "Utilization", averageUtilization: TARGET_CPU_PERCENT },
            },
          },
        ],
        behavior: {
          scaleDown: [
            {
              stabilizationWindowSeconds: SCALE_DOWN_STABILIZATION_SECONDS,
              policy: [{ type: "Pods", value: 1, periodSeconds: 60 }],
            },
          ],
        },
      },
      dependsOn: props.dependsOn,
    });
  }
}

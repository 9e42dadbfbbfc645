import { LimitRangeV1 } from "@cdktf/provider-kubernetes/lib/limit-range-v1";
import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { ContainerResources, Quota } from "../../config";
import { cpu, hardLimits, memoryMi } from "../kubernetes";

export interface TenantQuotaProps {
  readonly namespace: string;
  /** Guaranteed and burst CPU (cores) and memory (GiB), and pods, summed over the namespace. */
  readonly quota: Quota;
  /** What a container gets that states nothing. */
  readonly container: ContainerResources;
  readonly dependsOn: ITerraformDependable[];
}

/** Objects of a namespace that the platform's own use, doubled: room for a rollout, none for an etcd flood. */
const OBJECT_COUNTS = {
  configmaps: "20",
  secrets: "10",
  services: "10",
  persistentvolumeclaims: "0",
  replicationcontrollers: "0",
  resourcequotas: "1",
  "services.loadbalancers": "0",
  "services.nodeports": "0",
  "count/deployments.apps": "10",
  "count/replicasets.apps": "60",
  "count/jobs.batch": "10",
  "count/cronjobs.batch": "0",
  "count/statefulsets.apps": "0",
  "count/horizontalpodautoscalers.autoscaling": "10",
};

/** One container's share of the namespace's burst: none takes more than half. */
const LARGEST_SHARE = 0.5;

/** Caps what a tenant's namespace may request, use and hold, so that one tenant cannot starve the others. */
export class TenantQuota extends Construct {
  /** For what must not run before the caps are in force. */
  public readonly resources: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TenantQuotaProps) {
    super(scope, id);
    const { quota, container } = props;
    const resourceQuota = new ResourceQuotaV1(this, "Resource", {
      metadata: { name: "tenant", namespace: props.namespace },
      spec: {
        hard: {
          ...hardLimits(quota),
          ...OBJECT_COUNTS,
        },
      },
      dependsOn: props.dependsOn,
    });
    const limitRange = new LimitRangeV1(this, "limit-range", {
      metadata: { name: "tenant", namespace: props.namespace },
      spec: {
        limit: [
          {
            type: "Container",
            default: {
              cpu: cpu(container.limitsCpuMilli),
              memory: memoryMi(container.limitsMemoryMi),
              "ephemeral-storage": "128Mi",
            },
            defaultRequest: {
              cpu: cpu(container.requestsCpuMilli),
              memory: memoryMi(container.requestsMemoryMi),
              "ephemeral-storage": "64Mi",
            },
            max: {
              cpu: cpu(quota.limitsCpu * 1_000 * LARGEST_SHARE),
              memory: memoryMi(quota.limitsMemoryGi * 1_024 * LARGEST_SHARE),
            },
          },
        ],
      },
      dependsOn: props.dependsOn,
    });
    this.resources = [resourceQuota, limitRange];
  }
}

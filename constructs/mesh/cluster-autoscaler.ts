import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { CHARTS, IMAGES } from "../../config";
import { CONTROLLER_SERVICE_ACCOUNTS, SPOT_GROUP } from "../cluster";
import { HelmChart } from "../kubernetes";
import { spread, SYSTEM_PLACEMENT } from "./placement";

export interface ClusterAutoscalerProps {
  readonly clusterName: string;
  readonly region: string;
  /** Whether spot nodes are added as long as there are any. Otherwise both standard groups grow alike. */
  readonly spotFirst: boolean;
  readonly dependsOn: ITerraformDependable[];
}

const NAME = "cluster-autoscaler";
const ACCOUNT = CONTROLLER_SERVICE_ACCOUNTS.clusterAutoscaler;

/** A node below this share of requested CPU and memory may be emptied: the brief wants 60 % or more in use. */
const SCALE_DOWN_UTILIZATION = "0.6";

/**
 * Between groups that fit, the one that leaves the least idle; between similar ones, an even number of nodes: this keeps
 * standard half on-demand and half spot. The two differ in the label that is left out of the comparison.
 */
const EVENLY = {
  expander: "least-waste",
  "balance-similar-node-groups": true,
  "balancing-ignore-label": "eks.amazonaws.com/capacityType",
};

/**
 * Spot as long as a node of it arrives within five minutes, on demand when none does; the default of 15 would leave pods
 * waiting for as long. Balancing would take the choice back.
 */
const SPOT_FIRST = {
  expander: "priority,least-waste",
  "balance-similar-node-groups": false,
  "max-node-provision-time": "5m",
};

/** Auto Scaling groups by their names; the highest number wins (kubernetes/autoscaler, priority expander). */
const PRIORITIES = { 20: [`^eks-${SPOT_GROUP}-`], 10: [".*"] };

/** How a node may go, as flags of the autoscaler. */
const SCALING = {
  // Every meshed pod has an emptyDir, and kube-system's replicated pods have budgets: by default either would keep its
  // node for ever, also at night and at weekends.
  "skip-nodes-with-local-storage": false,
  "skip-nodes-with-system-pods": false,
  // A DaemonSet's pod is no reason to keep a node.
  "ignore-daemonsets-utilization": true,
  "scale-down-utilization-threshold": SCALE_DOWN_UTILIZATION,
  "scale-down-unneeded-time": "10m",
  "scale-down-delay-after-add": "10m",
  // Longer than the longest graceful end of a pod, the ingress gateway's.
  "max-graceful-termination-sec": 600,
};

/** Cluster Autoscaler: node groups follow the pods, up by day and down at night and at weekends. */
export class ClusterAutoscaler extends Construct {
  constructor(scope: Construct, id: string, props: ClusterAutoscalerProps) {
    super(scope, id);
    new HelmChart(this, "release", {
      chart: CHARTS.clusterAutoscaler,
      namespace: ACCOUNT.namespace,
      releaseName: NAME,
      values: {
        fullnameOverride: NAME,
        // The chart's default tag is one minor version behind the cluster.
        image: { tag: IMAGES.clusterAutoscalerTag },
        autoDiscovery: { clusterName: props.clusterName },
        awsRegion: props.region,
        rbac: { serviceAccount: { create: true, name: ACCOUNT.serviceAccount } },
        // One leads, one waits.
        replicaCount: 2,
        podDisruptionBudget: { maxUnavailable: 1 },
        extraArgs: { ...(props.spotFirst ? SPOT_FIRST : EVENLY), ...SCALING },
        ...(props.spotFirst ? { expanderPriorities: PRIORITIES } : {}),
        containerSecurityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65534,
          runAsGroup: 65534,
          fsGroup: 65534,
          seccompProfile: { type: "RuntimeDefault" },
        },
        resources: { requests: { cpu: "100m", memory: "300Mi" }, limits: { memory: "600Mi" } },
        topologySpreadConstraints: spread({ "app.kubernetes.io/instance": NAME }),
        ...SYSTEM_PLACEMENT,
      },
      dependsOn: props.dependsOn,
    });
  }
}

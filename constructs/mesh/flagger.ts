import type { Release } from "@cdktf/provider-helm/lib/release";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { CHARTS, type ContainerResources, LABELS, NAMESPACES, PORTS } from "../../config";
import { HelmChart, sidecarAnnotations } from "../kubernetes";
import { FLAGGER_SERVICE_ACCOUNT, LOADTESTER, OBSERVABILITY } from "./names";
import { SYSTEM_PLACEMENT } from "./placement";

export interface FlaggerProps {
  /** istiod, the protections of shared-services. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * The label by which a workload for Flagger selects its pods. Flagger gives the primary copy's pods the value
 * `<name>-primary` under it; every other label, ours among them, stays as it is on both copies.
 */
export const FLAGGER_LABEL = "app";

const NO_PRIVILEGES = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** It knows every tenant's services, as the api-gateway's does (docs/capacity.md), and answers far less. */
const LOADTESTER_SIDECAR: ContainerResources = {
  requestsCpuMilli: 10,
  requestsMemoryMi: 512,
  limitsCpuMilli: 500,
  limitsMemoryMi: 1_024,
};

/** TCP port of the Kubernetes API's Service. */
const API_SERVER_PORT = 443;

/** Flagger, which rolls out step by step what a Canary names, and its load tester, which calls new versions meanwhile. */
export class Flagger extends Construct {
  public readonly release: Release;
  public readonly loadtester: Release;

  constructor(scope: Construct, id: string, props: FlaggerProps) {
    super(scope, id);
    this.release = new HelmChart(this, "release", {
      chart: CHARTS.flagger,
      namespace: NAMESPACES.flagger,
      releaseName: "flagger",
      values: {
        fullnameOverride: "flagger",
        serviceAccount: { create: true, name: FLAGGER_SERVICE_ACCOUNT },
        meshProvider: "istio",
        metricsServer: OBSERVABILITY.prometheusUrl,
        selectorLabels: FLAGGER_LABEL,
        leaderElection: { enabled: true, replicaCount: 2 },
        podDisruptionBudget: { enabled: true, minAvailable: 1 },
        podAnnotations: {
          // Its sidecar is for the load tester; the API and Prometheus are not in the mesh's registry. The annotation
          // replaces the mesh's own list, hence DNS.
          "traffic.sidecar.istio.io/excludeOutboundPorts": [
            PORTS.dns,
            API_SERVER_PORT,
            OBSERVABILITY.prometheusPort,
          ].join(","),
          // The chart's default is another mesh's.
          "linkerd.io/inject": "disabled",
        },
        securityContext: { enabled: true, context: { ...NO_PRIVILEGES, runAsUser: 10001 } },
        resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
        ...SYSTEM_PLACEMENT,
      },
      dependsOn: props.dependsOn,
    }).release;
    // Named, so that the pod mounts no token: the chart has no word for it, and would take the namespace's default account.
    const account = new ServiceAccountV1(this, "loadtester-account", {
      metadata: { name: LOADTESTER.service, namespace: NAMESPACES.sharedServices },
      automountServiceAccountToken: false,
      dependsOn: props.dependsOn,
    });
    this.loadtester = new HelmChart(this, "loadtester", {
      chart: CHARTS.flaggerLoadtester,
      // Where its identity is one that tenants' policies except already.
      namespace: NAMESPACES.sharedServices,
      releaseName: LOADTESTER.service,
      values: {
        fullnameOverride: LOADTESTER.service,
        podLabels: { [LABELS.service]: LOADTESTER.service },
        podAnnotations: sidecarAnnotations(LOADTESTER_SIDECAR),
        service: { type: "ClusterIP", port: LOADTESTER.port },
        // Ends a load test that nobody waits for any more.
        cmd: { timeout: "10m", namespaceRegexp: "" },
        rbac: { create: false },
        serviceAccountName: LOADTESTER.service,
        securityContext: { enabled: true, context: { ...NO_PRIVILEGES, runAsUser: 100, runAsGroup: 101 } },
        resources: { requests: { cpu: "25m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
        nodeSelector: { [LABELS.nodePool]: "standard" },
      },
      dependsOn: [account, ...props.dependsOn],
    }).release;
  }
}

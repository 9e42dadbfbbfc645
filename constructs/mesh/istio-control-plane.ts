import type { Release } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { CHARTS, NAMESPACES, POD_IDENTITY_AGENT_CIDR, PORTS } from "../../config";
import { HelmChart } from "../kubernetes";
import { meshConfig } from "./mesh-config";
import { meshNetworks, type MeshRegions } from "./regions";
import { spread, SYSTEM_PLACEMENT } from "./placement";

export interface IstioControlPlaneProps {
  /** Names the cluster within the mesh. */
  readonly clusterName: string;
  /**
   * The cluster's own network and the other region's.
   * @default - the mesh has one network
   */
  readonly regions?: MeshRegions | undefined;
  readonly dependsOn: ITerraformDependable[];
}

/** Images stay on Docker Hub since 1.31; without a shell in them, there is less to break into. */
const IMAGES_OF_ISTIO = { hub: "docker.io/istio", variant: "distroless" };

/** What a sidecar asks for where its pod states nothing. Tenants' pods do, by tier. */
const SIDECAR_RESOURCES = {
  requests: { cpu: "10m", memory: "96Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

/**
 * Istio's CRDs, CNI plugin and istiod. The plugin sets up each pod's redirection from the node, so that no pod needs
 * NET_ADMIN and Pod Security `restricted` holds in every meshed namespace, istio-system included: the plugin itself runs
 * in kube-system.
 */
export class IstioControlPlane extends Construct {
  /** For what needs the CRDs and a webhook that answers. */
  public readonly istiod: Release;

  constructor(scope: Construct, id: string, props: IstioControlPlaneProps) {
    super(scope, id);
    const base = new HelmChart(this, "base", {
      chart: CHARTS.istioBase,
      namespace: NAMESPACES.istioSystem,
      releaseName: "istio-base",
      values: {
        defaultRevision: "default",
        // The reader account serves remote clusters' secrets, and there are none.
        global: { enableReaderRBAC: false },
      },
      dependsOn: props.dependsOn,
    });
    const cni = new HelmChart(this, "cni", {
      chart: CHARTS.istioCni,
      namespace: NAMESPACES.kubeSystem,
      releaseName: "istio-cni",
      values: {
        global: { ...IMAGES_OF_ISTIO, logAsJson: true },
        excludeNamespaces: [NAMESPACES.kubeSystem],
        // A pod that came up before the plugin on a new node is redirected afterwards.
        repair: { enabled: true, repairPods: true },
        seccompProfile: { type: "RuntimeDefault" },
        resources: { requests: { cpu: "25m", memory: "100Mi" }, limits: { memory: "200Mi" } },
      },
      dependsOn: [base.release],
    });
    this.istiod = new HelmChart(this, "istiod", {
      chart: CHARTS.istiod,
      namespace: NAMESPACES.istioSystem,
      releaseName: "istiod",
      values: istiodValues(props),
      dependsOn: [base.release, cni.release],
    }).release;
  }
}

function istiodValues({ clusterName, regions }: IstioControlPlaneProps) {
  return {
    autoscaleMin: 2,
    autoscaleMax: 5,
    // Measured with 500 tenants: under 300 MiB without 3,000 live proxies; Istio's own benchmark: 1.5 GB for 2,000
    // sidecars. No CPU limit: a throttled istiod delays every change.
    resources: { requests: { cpu: "500m", memory: "2Gi" }, limits: { memory: "4Gi" } },
    pdb: { minAvailable: 1 },
    topologySpreadConstraints: spread({ app: "istiod" }),
    ...SYSTEM_PLACEMENT,
    seccompProfile: { type: "RuntimeDefault" },
    cni: { enabled: true },
    env: {
      // `auto` since 1.28; stated, so that one old node does not turn it off for the whole mesh.
      ENABLE_NATIVE_SIDECARS: "true",
    },
    meshConfig: meshConfig(),
    global: {
      ...IMAGES_OF_ISTIO,
      logAsJson: true,
      priorityClassName: "system-cluster-critical",
      meshID: "taskflow-mesh",
      multiCluster: { clusterName },
      ...(regions ? { network: regions.own.region, meshNetworks: meshNetworks(regions.peer) } : {}),
      proxy: {
        seccompProfile: { type: "RuntimeDefault" },
        holdApplicationUntilProxyStarts: true,
        resources: SIDECAR_RESOURCES,
        // Past Envoy, since REGISTRY_ONLY would drop them: the Pod Identity agent (not in the mesh's registry), RDS
        // Proxy (end-to-end TLS to one shared address: a ServiceEntry would only add a hop and an idle timeout), and
        // DNS over TCP (kube-system is not watched). NetworkPolicies say which pod may use which.
        excludeIPRanges: POD_IDENTITY_AGENT_CIDR,
        excludeOutboundPorts: [PORTS.dns, PORTS.postgresql].join(","),
      },
    },
  };
}

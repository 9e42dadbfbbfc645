import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NAMESPACES } from "../../../config";
import type { JsonObject } from "../../../tools/manifests/json";
import { binaryPath } from "../engines/binaries";
import { HostEngine } from "./host-engine";
import { type Host, run } from "./hosts";

export interface IstiodProps {
  readonly folder: string;
  readonly host: Host;
  readonly kubeconfig: string;
  readonly meshConfig: JsonObject;
  /** Other networks by their names, with their gateways. */
  readonly meshNetworks: JsonObject;
  /** Name of the cluster in the mesh. */
  readonly clusterName: string;
  /**
   * Folder with the files of the Secret `cacerts`, which the kubelet would mount.
   * @default - it makes a root of its own
   */
  readonly authority?: string;
}

/**
 * What PyPI's Envoy lacks: Istio's own filters for ALPN and for telling peers' metadata. It refuses a configuration with
 * either; neither takes part in mutual TLS or in authorization.
 */
const WITHOUT_ISTIO_FILTERS = { PILOT_ENABLE_ALPN_FILTER: "false", PILOT_ENABLE_METADATA_EXCHANGE: "false" };

/** Istio's control plane with its own certificate authority. */
export class Istiod extends HostEngine {
  public constructor(private readonly props: IstiodProps) {
    super("istiod", props.folder, props.host);
  }

  protected command(): Promise<readonly string[]> {
    const { folder, kubeconfig, meshConfig, meshNetworks, clusterName, authority } = this.props;
    mkdirSync(folder, { recursive: true });
    const meshFile = join(folder, "mesh.json");
    writeFileSync(meshFile, JSON.stringify(meshConfig));
    const networksFile = join(folder, "networks.json");
    writeFileSync(networksFile, JSON.stringify({ networks: meshNetworks }));
    const environment = {
      POD_NAME: "istiod",
      POD_NAMESPACE: NAMESPACES.istioSystem,
      REVISION: "default",
      CLUSTER_ID: clusterName,
      PILOT_CERT_PROVIDER: "istiod",
      // Pods come with their sidecars here.
      INJECT_ENABLED: "false",
      ...(authority === undefined ? {} : { ROOT_CA_DIR: authority }),
      ...WITHOUT_ISTIO_FILTERS,
    };
    return Promise.resolve([
      "env",
      ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      binaryPath("pilot-discovery"),
      "discovery",
      `--kubeconfig=${kubeconfig}`,
      `--meshConfig=${meshFile}`,
      `--networksConfig=${networksFile}`,
    ]);
  }

  protected async isReady(): Promise<boolean> {
    const url = "http://127.0.0.1:8080/ready";
    return (await run(this.host, ["curl", "-sf", "-o", "/dev/null", "-m", "2", url])).code === 0;
  }
}

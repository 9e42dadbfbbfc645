import { binaryPath } from "../engines/binaries";
import { HostEngine } from "./host-engine";
import { type Host, run } from "./hosts";

export interface KubeRouterProps {
  readonly folder: string;
  /** The node. */
  readonly host: Host;
  readonly kubeconfig: string;
  /** Name of the Node object. */
  readonly nodeName: string;
}

/** Enforces NetworkPolicies on the node, by netfilter; routing and Services are not its business here. */
export class KubeRouter extends HostEngine {
  public constructor(private readonly props: KubeRouterProps) {
    super("kube-router", props.folder, props.host);
  }

  protected command(): Promise<readonly string[]> {
    return Promise.resolve([
      binaryPath("kube-router"),
      `--kubeconfig=${this.props.kubeconfig}`,
      `--hostname-override=${this.props.nodeName}`,
      "--run-firewall=true",
      "--run-router=false",
      "--run-service-proxy=false",
      "--run-loadbalancer=false",
      "--enable-cni=false",
      // An event changes the rules at once; the period is for what was missed.
      "--iptables-sync-period=1m",
      "--health-port=20244",
      "--metrics-port=0",
    ]);
  }

  /** Ready once its chains stand before the node's forwarding. */
  protected async isReady(): Promise<boolean> {
    const { stdout } = await run(this.host, ["iptables", "-w", "-S", "FORWARD"]);
    return stdout.includes("KUBE-ROUTER-FORWARD");
  }
}

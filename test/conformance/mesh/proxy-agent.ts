import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { NAMESPACES, PORTS, TRUST_DOMAIN } from "../../../config";
import type { JsonObject } from "../../../tools/manifests/json";
import { HostEngine } from "./host-engine";
import { type Host, run } from "./hosts";
import { installFile } from "./install";

/** Envoy's account in every pod: what it sends is not redirected to itself. */
export const PROXY_ACCOUNT = 1_337;

/** The pod that a proxy stands in, as the downward API would tell. */
export interface ProxiedPod {
  readonly name: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Containers' ports. */
  readonly ports: readonly number[];
}

export interface ProxyAgentProps {
  /** The proxy's own folder; nothing else may stand in it. */
  readonly folder: string;
  readonly host: Host;
  readonly pod: ProxiedPod;
  readonly kind: "sidecar" | "router";
  /** Programs and template that the account may read. */
  readonly programs: ProxyPrograms;
  /** Istio's ProxyConfig: the mesh's default with the pod's annotation. */
  readonly proxyConfig: JsonObject;
  readonly clusterName: string;
  readonly meshId: string;
  /** What else the injector or the chart sets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Token of the pod's service account for the audience `istio-ca`. */
  readonly token: string;
  /** Root certificate of the mesh, PEM. */
  readonly rootCertificate: string;
}

/** Files that every proxy starts from. */
export interface ProxyPrograms {
  readonly agent: string;
  readonly envoy: string;
  readonly bootstrapTemplate: string;
}

/** pilot-agent and the Envoy that it starts, fed by istiod, as Istio's injector would have put it into the pod. */
export class ProxyAgent extends HostEngine {
  protected override readonly account = PROXY_ACCOUNT;

  public constructor(private readonly props: ProxyAgentProps) {
    super("proxy", props.folder, props.host);
  }

  protected command(): Promise<readonly string[]> {
    this.prepareFolder();
    const { kind, programs, pod } = this.props;
    return Promise.resolve([
      "env",
      "-i",
      ...Object.entries(this.environment()).map(([name, value]) => `${name}=${value}`),
      programs.agent,
      "proxy",
      kind,
      "--domain",
      `${pod.namespace}.svc.cluster.local`,
      `--templateFile=${programs.bootstrapTemplate}`,
      "--proxyLogLevel=warning",
    ]);
  }

  protected async isReady(): Promise<boolean> {
    const url = `http://127.0.0.1:${PORTS.envoyReadiness}/healthz/ready`;
    return (await run(this.host, ["curl", "-sf", "-o", "/dev/null", "-m", "2", url])).code === 0;
  }

  /** What the injector's template sets; the agent hands `ISTIO_META_*` on to istiod. */
  private environment(): Readonly<Record<string, string>> {
    const { pod, host, programs, proxyConfig, clusterName, meshId } = this.props;
    return {
      PATH: "/usr/bin:/bin",
      PILOT_CERT_PROVIDER: "istiod",
      CA_ADDR: `istiod.${NAMESPACES.istioSystem}.svc:${PORTS.istiodXds}`,
      POD_NAME: pod.name,
      POD_NAMESPACE: pod.namespace,
      INSTANCE_IP: host.address,
      SERVICE_ACCOUNT: pod.serviceAccount,
      TRUST_DOMAIN,
      PROXY_CONFIG: JSON.stringify({ ...proxyConfig, binaryPath: programs.envoy, concurrency: 1 }),
      ISTIO_META_POD_PORTS: JSON.stringify(pod.ports.map((containerPort) => ({ containerPort, protocol: "TCP" }))),
      ISTIO_META_CLUSTER_ID: clusterName,
      ISTIO_META_MESH_ID: meshId,
      ISTIO_META_INTERCEPTION_MODE: "REDIRECT",
      ISTIO_META_WORKLOAD_NAME: pod.name,
      // What an intruder in the sidecar would find, in files.
      OUTPUT_CERTS: join(this.props.folder, "certificates"),
      ...this.props.environment,
    };
  }

  /** The agent's paths are relative to where it starts, and all belong to its account. */
  private prepareFolder(): void {
    const { folder, token, rootCertificate, pod } = this.props;
    const labels = Object.entries(pod.labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    const files = {
      "var/run/secrets/istio/root-cert.pem": rootCertificate,
      "var/run/secrets/tokens/istio-token": token,
      "etc/istio/pod/labels": labels.join("\n"),
      // Envoy opens its output again to append its access log.
      "logs/proxy.log": "",
    };
    for (const path of [
      "etc/istio/proxy",
      "var/lib/istio/data",
      "certificates",
      ...Object.keys(files).map((file) => dirname(file)),
    ]) {
      mkdirSync(join(folder, path), { recursive: true });
    }
    for (const [path, text] of Object.entries(files)) {
      writeFileSync(join(folder, path), text, { flag: "a" });
    }
    execFileSync("chown", ["-R", `${PROXY_ACCOUNT}:${PROXY_ACCOUNT}`, folder]);
  }
}

/** Key and certificate of the proxy's identity, PEM files. */
export function credentialsIn(folder: string): { readonly key: string; readonly cert: string } {
  return { key: join(folder, "certificates/key.pem"), cert: join(folder, "certificates/cert-chain.pem") };
}

/** Copies the programs to where the proxies' account may read them. */
export function installPrograms(folder: string, from: ProxyPrograms): ProxyPrograms {
  return {
    agent: installFile(from.agent, folder, 0o755),
    envoy: installFile(from.envoy, folder, 0o755),
    bootstrapTemplate: installFile(from.bootstrapTemplate, folder, 0o644),
  };
}

import { join } from "node:path";
import { EAST_WEST_GATEWAY, INGRESS_GATEWAY, LABELS } from "../../../config";
import type { JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { binaryPath } from "../engines/binaries";
import { envoyPath } from "../engines/envoy";
import { injectedPod } from "../injected-pod";
import { objectAt } from "../json";
import { bootstrapTemplatePath } from "./bootstrap-template";
import { eastWestGatewayPod, gatewayPod } from "./chart-objects";
import type { MeshCluster } from "./cluster";
import type { HostEngine } from "./host-engine";
import { type Host, run } from "./hosts";
import { portsOf, type RunningPod } from "./pod";
import { credentialsIn, installPrograms, PROXY_ACCOUNT, ProxyAgent, type ProxyPrograms } from "./proxy-agent";
import { ServiceProgram } from "./service-program";

/** Ports that a sidecar answers on itself, past the redirection (Istio's injection template). */
const UNCAPTURED_INBOUND_PORTS = "15090,15021,15020";

/** Starts pods of the cluster: a host with a sidecar, a gateway, or a program of its own. */
export class Pods {
  private readonly programs: ProxyPrograms;
  private readonly meshDefaults: JsonObject;
  private readonly globalValues: JsonObject;
  private readonly proxyValues: JsonObject;
  private readonly engines = new Map<Host, readonly HostEngine[]>();

  public constructor(private readonly cluster: MeshCluster) {
    this.programs = installPrograms(cluster.programFolder, {
      agent: binaryPath("pilot-agent"),
      envoy: envoyPath(),
      bootstrapTemplate: bootstrapTemplatePath(),
    });
    const values = cluster.releaseValues("istiod");
    this.meshDefaults = objectAt(values, "meshConfig", "defaultConfig");
    this.globalValues = objectAt(values, "global");
    this.proxyValues = objectAt(this.globalValues, "proxy");
  }

  /**
   * A pod of a Deployment as injected.
   *
   * @param program - what runs in place of its image @default - a small HTTP server
   */
  public async startService(
    deployment: KubernetesObject,
    suffix: string,
    program: (host: Host, folder: string, name: string) => HostEngine = httpServer,
  ): Promise<RunningPod> {
    const name = `${deployment.metadata.name ?? ""}-${suffix}`;
    const object = injectedPod(deployment, name);
    const pod = await this.register(object, `${deployment.metadata.namespace ?? ""}-${name}`);
    const folder = this.folderOf(pod);
    await this.redirect(pod.host, object);
    await Promise.all([
      this.begin(pod, program(pod.host, join(folder, "service"), `${pod.namespace}/${pod.service}`)),
      this.startProxy(pod, object, "sidecar"),
    ]);
    return pod;
  }

  /** A replica of the ingress gateway. */
  public startGateway(suffix: string): Promise<RunningPod> {
    return this.startRouter(gatewayPod(`gateway-${suffix}`), INGRESS_GATEWAY.release);
  }

  /** A replica of the east-west gateway. */
  public startEastWestGateway(suffix: string): Promise<RunningPod> {
    const { release } = EAST_WEST_GATEWAY;
    const labels = objectAt(this.cluster.releaseValues(release), "labels");
    return this.startRouter(eastWestGatewayPod(`east-west-gateway-${suffix}`, labels), release);
  }

  /** Ends a pod: what runs in it, its object, its host. */
  public async stop(pod: RunningPod): Promise<void> {
    const { namespace, name, host } = pod;
    await Promise.all((this.engines.get(host) ?? []).map((engine) => this.cluster.end(engine)));
    this.engines.delete(host);
    await this.cluster.client.delete({ apiVersion: "v1", kind: "Pod", metadata: { namespace, name } });
    await this.cluster.network.remove(host);
  }

  /** Files with the key and certificate of a pod's identity. */
  public credentialsOf(pod: RunningPod): { readonly key: string; readonly cert: string } {
    return credentialsIn(join(this.folderOf(pod), "proxy"));
  }

  private async startRouter(object: KubernetesObject, release: string): Promise<RunningPod> {
    const pod = await this.register(object, object.metadata.name ?? "");
    await run(pod.host, ["sysctl", "-qw", "net.ipv4.ip_unprivileged_port_start=0"]);
    await this.startProxy(pod, object, "router", this.cluster.releaseValues(release));
    return pod;
  }

  private folderOf(pod: RunningPod): string {
    return join(this.cluster.folder, "pods", pod.namespace, pod.name);
  }

  private async register(object: KubernetesObject, hostName: string): Promise<RunningPod> {
    const host = await this.cluster.addPodHost(hostName);
    const registered = await this.cluster.register(object, true, host);
    const labels = Object.fromEntries(
      Object.entries(registered.metadata.labels ?? {}).map(([key, value]) => [key, String(value)]),
    );
    return {
      namespace: registered.metadata.namespace ?? "",
      name: registered.metadata.name ?? "",
      service: labels[LABELS.service] ?? "",
      serviceAccount: String(objectAt(registered, "spec")["serviceAccountName"] ?? "default"),
      labels,
      host,
    };
  }

  /** Sends what the pod's containers send and get through Envoy, as Istio's CNI plugin does. */
  private async redirect(host: Host, pod: KubernetesObject): Promise<void> {
    const annotation = pod.metadata.annotations?.["traffic.sidecar.istio.io/excludeOutboundPorts"];
    const excludedPorts = String(annotation ?? this.proxyValues["excludeOutboundPorts"] ?? "");
    const excludedRanges = String(this.proxyValues["excludeIPRanges"] ?? "");
    const ports = ["-p", "15001", "-z", "15006", "-b", "*", "-d", UNCAPTURED_INBOUND_PORTS, "-o", excludedPorts];
    const account = ["-u", String(PROXY_ACCOUNT), "-g", String(PROXY_ACCOUNT)];
    const ranges = ["-m", "REDIRECT", "-i", "*", "-x", excludedRanges];
    const output = await run(host, [this.programs.agent, "istio-iptables", ...ports, ...account, ...ranges]);
    if (output.code !== 0) {
      throw new Error(`istio-iptables in ${host.namespace}: ${output.stderr}`);
    }
  }

  private async begin(pod: RunningPod, engine: HostEngine): Promise<void> {
    this.engines.set(pod.host, [...(this.engines.get(pod.host) ?? []), engine]);
    await this.cluster.begin(engine);
  }

  /** @param values - of the gateway's release */
  private async startProxy(
    pod: RunningPod,
    object: KubernetesObject,
    kind: "sidecar" | "router",
    values: JsonObject = {},
  ): Promise<void> {
    const { network } = this.globalValues;
    await this.begin(
      pod,
      new ProxyAgent({
        folder: join(this.folderOf(pod), "proxy"),
        host: pod.host,
        pod: { ...pod, ports: portsOf(object) },
        kind,
        programs: this.programs,
        proxyConfig: { ...this.meshDefaults, ...annotatedConfig(values) },
        clusterName: String(objectAt(this.globalValues, "multiCluster")["clusterName"]),
        meshId: String(this.globalValues["meshID"]),
        environment: {
          ...(typeof network === "string" ? { ISTIO_META_NETWORK: network } : {}),
          ...(objectAt(values, "env") as Readonly<Record<string, string>>),
        },
        token: await this.tokenOf(pod),
        rootCertificate: await this.rootCertificate(pod.namespace),
      }),
    );
  }

  /** A token that only istiod takes, bound to the pod: what the kubelet would project into it. */
  private async tokenOf(pod: RunningPod): Promise<string> {
    const account = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: pod.serviceAccount, namespace: pod.namespace },
    };
    const answer = await this.cluster.client.post(account, "token", {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { audiences: ["istio-ca"], boundObjectRef: { apiVersion: "v1", kind: "Pod", name: pod.name } },
    });
    const token = objectAt(answer.body, "status")["token"];
    if (typeof token !== "string") {
      throw new Error(`no token for ${pod.namespace}/${pod.serviceAccount}: ${JSON.stringify(answer.body)}`);
    }
    return token;
  }

  /** istiod writes it into every namespace that it watches. */
  private async rootCertificate(namespace: string): Promise<string> {
    let text: unknown;
    await this.cluster.client.waitFor(`the mesh's root certificate in ${namespace}`, async () => {
      const { body } = await this.cluster.client.get(`/api/v1/namespaces/${namespace}/configmaps/istio-ca-root-cert`);
      text = objectAt(body, "data")["root-cert.pem"];
      return typeof text === "string";
    });
    return String(text);
  }
}

/** What a gateway chart's pods say of their own. */
function annotatedConfig(values: JsonObject): JsonObject {
  const text = objectAt(values, "podAnnotations")["proxy.istio.io/config"];
  return typeof text === "string" ? (JSON.parse(text) as JsonObject) : {};
}

function httpServer(host: Host, folder: string, name: string): HostEngine {
  return new ServiceProgram({ folder, host, name });
}

import { chmodSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { exportManifests } from "../../../tools/manifests/export";
import { isArray, isObject, type JsonObject } from "../../../tools/manifests/json";
import type { ExportedManifest, KubernetesObject } from "../../../tools/manifests/object";
import { ControlPlane } from "../engines/control-plane";
import { crdsFor } from "../engines/crds";
import { writeKubeconfig } from "../engines/kubeconfig";
import { createMissingNamespaces, establish } from "../establish";
import { objectAt } from "../json";
import { isAccepted, KubernetesClient, reasonOf } from "../kubernetes-client";
import { inOrder } from "../subjects";
import { API_PORT, ApiRelay } from "./api-relay";
import { CHART_OBJECTS, gatewayCertificate, istiodPod } from "./chart-objects";
import { meshConfigWithoutProviders, releaseValues, withoutIstioStats } from "./departures";
import { type Host, HostNetwork } from "./hosts";
import { Istiod } from "./istiod";
import { KubeRouter } from "./kube-router";
import { servicePorts } from "./kube-proxy";
import { NameServer } from "./name-server";
import { NODE_NAME, nodeOf, nodeStatus, runningStatus, scheduled } from "./pod";
import { nodeAddress, type Site, TOKYO } from "./site";

/** Second halves of addresses outside of the pods' range: the API endpoint and a load balancer's node, in subnets of policies. */
const API_HOST = "128.10";
const LOAD_BALANCER_HOST = "0.10";

/** Pods' addresses count up from here, in a private subnet. */
const POD_SUBNET = "144";
const FIRST_POD = 10;

/** Something that runs from its start to its stop. */
interface Startable {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A cluster whose node is a network namespace: a real control plane, istiod and a NetworkPolicy controller, and in them what
 * the project synthesized. Pods are added by {@link Pods}.
 */
export class MeshCluster {
  public readonly network: HostNetwork;
  /** Client of the API server. */
  public client!: KubernetesClient;
  /** Where istiod runs. */
  public istiodHost!: Host;
  /** A host of the public subnets, as the load balancer's. */
  public loadBalancer!: Host;
  public readonly manifests: readonly ExportedManifest[];
  private readonly controlPlane: ControlPlane;
  private readonly engines = new Set<Startable>();
  private addresses = FIRST_POD;

  /**
   * @param folder - for all that the engines write
   * @param outDir - output of a synth
   * @param prefix - begins the names of the network namespaces; at most 8 characters
   * @param site - where it stands
   */
  public constructor(
    public readonly folder: string,
    public readonly outDir: string,
    prefix: string,
    public readonly site: Site = TOKYO,
  ) {
    this.network = new HostNetwork(prefix, nodeAddress(site));
    this.controlPlane = new ControlPlane(join(folder, "control-plane"), ["endpointslice-controller"]);
    // Without the admission policies: counter-checks here write what those refuse (test/conformance/admission.conformance.ts).
    this.manifests = exportManifests(outDir)
      .filter(({ object }) => !object.apiVersion.startsWith("admissionregistration.k8s.io/"))
      .map((manifest) => ({ ...manifest, object: withoutIstioStats(manifest.object) }));
  }

  /** Folder for copies of programs that pods' accounts may read; gone with the cluster, for they are large. */
  public get programFolder(): string {
    return join(this.folder, "programs");
  }

  /** Values of a Helm release of the mesh stack. */
  public releaseValues(name: string): JsonObject {
    const text = readFileSync(join(this.outDir, "stacks", this.site.stack, "cdk.tf.json"), "utf8");
    return releaseValues(JSON.parse(text) as JsonObject, name);
  }

  /** Starts everything but pods. */
  public async start(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    // Proxies run as an account of their own and must pass through.
    chmodSync(this.folder, 0o711);
    await Promise.all([this.controlPlane.start(), this.network.start()]);
    this.client = new KubernetesClient(this.controlPlane.connection);
    await this.begin(
      new ApiRelay(
        join(this.folder, "api-relay"),
        await this.network.add("api", this.address(API_HOST)),
        this.controlPlane.connection,
      ),
    );
    this.loadBalancer = await this.network.add("lb", this.address(LOAD_BALANCER_HOST));
    const objects = [...this.manifests.map(({ object }) => object)];
    await this.client.installCrds(crdsFor(objects));
    await this.applySynthesized();
    await this.startIstiod();
    const folder = join(this.folder, "kube-router");
    await this.begin(
      new KubeRouter({ folder, host: this.network.node, kubeconfig: this.kubeconfig(), nodeName: NODE_NAME }),
    );
    await this.syncServices(["istiod"]);
  }

  /** Stops all engines and takes the network away. */
  public async stop(): Promise<void> {
    for (const engine of [...this.engines].reverse()) {
      await engine.stop();
    }
    await this.controlPlane.stop();
    await this.network.removeAll();
    rmSync(this.programFolder, { recursive: true, force: true });
  }

  /** Starts an engine that is stopped with the cluster. */
  public async begin(engine: Startable): Promise<void> {
    this.engines.add(engine);
    await engine.start();
  }

  /** Stops one engine before the others. */
  public async end(engine: Startable): Promise<void> {
    await engine.stop();
    this.engines.delete(engine);
  }

  /** A host with the next free address of the pods'. */
  public async addPodHost(name: string): Promise<Host> {
    const address = this.address(`${POD_SUBNET}.${this.addresses}`);
    this.addresses += 1;
    return this.network.add(name, address, await this.names());
  }

  /** Creates or changes an object; an error says why not. */
  public async apply(object: KubernetesObject): Promise<JsonObject> {
    const answer = await this.client.apply(object);
    if (!isAccepted(answer)) {
      throw new Error(`${object.kind} ${object.metadata.name ?? ""}: ${reasonOf(answer)}`);
    }
    return answer.body;
  }

  /** Has a pod exist and run, as far as the API server knows. */
  public async register(pod: KubernetesObject, meshed: boolean, host: Host): Promise<KubernetesObject> {
    const object = scheduled(pod, meshed);
    const body = await this.apply(object);
    const answer = await this.client.patchStatus(object, runningStatus(host, this.site));
    if (!isAccepted(answer)) {
      throw new Error(`status of ${object.metadata.name ?? ""}: ${reasonOf(answer)}`);
    }
    return { ...object, metadata: { ...object.metadata, ...(isObject(body["metadata"]) ? body["metadata"] : {}) } };
  }

  /**
   * Points Services at the pods that back them now.
   *
   * @param wanted - names of Services that must lead somewhere by now
   */
  public async syncServices(wanted: readonly string[] = []): Promise<void> {
    await this.client.waitFor(`endpoints of ${wanted.join(", ")}`, async () => {
      const services = await this.list("/api/v1/services");
      const slices = await this.list("/apis/discovery.k8s.io/v1/endpointslices");
      const missing = services
        .filter(({ metadata }) => wanted.includes(metadata.name ?? ""))
        .flatMap((service) => servicePorts([service], slices))
        .some(({ targets }) => targets.length === 0);
      if (!missing) {
        await this.network.setServices(servicePorts(services, slices));
      }
      return !missing;
    });
  }

  /** Items of a collection. */
  public async list(path: string): Promise<readonly KubernetesObject[]> {
    const { body } = await this.client.get(path);
    return isArray(body["items"]) ? (body["items"] as unknown as readonly KubernetesObject[]) : [];
  }

  private async applySynthesized(): Promise<void> {
    const node = nodeOf(this.site);
    await this.apply(node);
    await this.client.patchStatus(node, nodeStatus(this.site));
    await createMissingNamespaces(this.client, this.manifests);
    for (const manifest of inOrder(this.manifests)) {
      await establish(this.client, manifest);
    }
    for (const object of [...CHART_OBJECTS, await gatewayCertificate(this.folder)]) {
      await this.apply(object);
    }
  }

  private async startIstiod(): Promise<void> {
    const host = await this.addPodHost("istiod");
    this.istiodHost = host;
    await this.register(istiodPod(), false, host);
    const values = this.releaseValues("istiod");
    const meshConfig = isObject(values["meshConfig"]) ? values["meshConfig"] : {};
    const { authority, publicNames } = this.site;
    if (publicNames !== undefined) {
      await this.begin(new NameServer(join(this.folder, "name-server"), host, publicNames));
    }
    await this.begin(
      new Istiod({
        folder: join(this.folder, "istiod"),
        host,
        kubeconfig: this.kubeconfig(),
        meshConfig: meshConfigWithoutProviders(meshConfig),
        meshNetworks: objectAt(values, "global", "meshNetworks"),
        clusterName: String(objectAt(values, "global", "multiCluster")["clusterName"]),
        ...(authority === undefined ? {} : { authority }),
      }),
    );
  }

  /** A kubeconfig of the cluster's administrator for programs outside of the network. */
  public adminKubeconfig(): string {
    const path = join(this.folder, "admin.yaml");
    const { url, token } = this.controlPlane.connection;
    writeKubeconfig({ path, server: url, certificateAuthority: this.controlPlane.certificatePath, token });
    return path;
  }

  /** For programs inside the network. */
  private kubeconfig(): string {
    const path = join(this.folder, "kubeconfig.yaml");
    writeKubeconfig({
      path,
      server: `https://${this.address(API_HOST)}:${API_PORT}`,
      certificateAuthority: this.controlPlane.certificatePath,
      token: this.controlPlane.connection.token,
      tlsServerName: "kubernetes",
    });
    return path;
  }

  /** An address of the site. */
  public address(host: string): string {
    return `${this.site.network}.${host}`;
  }

  /** Names of Services, which CoreDNS would know, with their addresses. */
  private async names(): Promise<Readonly<Record<string, string>>> {
    const services = await this.list("/api/v1/services");
    return Object.fromEntries(
      services.flatMap(({ metadata, spec }) => {
        const host = `${metadata.name ?? ""}.${metadata.namespace ?? ""}.svc`;
        const address = isObject(spec) ? spec["clusterIP"] : undefined;
        return typeof address === "string" ? [host, `${host}.cluster.local`].map((name) => [name, address]) : [];
      }),
    );
  }
}

import { NAMESPACE_PREFIX } from "../../../tenancy";
import { CONTROL_PLANE, ensureBinaries, MESH } from "../engines/binaries";
import { report } from "../engines/cache";
import { ensureCrds } from "../engines/crds";
import { ensureEnvoy } from "../engines/envoy";
import { requireRoot } from "../engines/unprivileged";
import { synthesizeRows } from "../synthesize";
import { ensureBootstrapTemplate } from "./bootstrap-template";
import type { MeshCluster } from "./cluster";
import { FLEET } from "./fleet";
import type { RunningPod } from "./pod";
import { Pods } from "./pods";
import { type SharedServices, startSharedServices } from "./shared-services";

/** The running mesh, as the tests find it. */
export interface World {
  readonly cluster: MeshCluster;
  readonly pods: Pods;
  /** A pod of each service of each tenant. */
  readonly services: readonly RunningPod[];
  /** One replica of the ingress gateway. */
  readonly gateway: RunningPod;
  /** The global rate limit among them. */
  readonly shared: SharedServices;
}

/** Makes sure of every program. */
export async function ensureEngines(): Promise<void> {
  requireRoot();
  await ensureBinaries([...CONTROL_PLANE, ...MESH]);
  await ensureEnvoy();
  await ensureCrds();
  await ensureBootstrapTemplate();
}

/** Starts the whole fleet: two tenants of each tier, a pod of each of their services, a gateway, the shared services. */
export async function startWorld(cluster: MeshCluster): Promise<World> {
  const started = Date.now();
  await cluster.start();
  const pods = new Pods(cluster);
  const deployments = cluster.manifests
    .map(({ object }) => object)
    .filter(({ kind, metadata }) => kind === "Deployment" && metadata.namespace?.startsWith(NAMESPACE_PREFIX));
  const [gateway, shared, ...services] = await Promise.all([
    pods.startGateway("0"),
    startSharedServices(cluster, pods),
    ...deployments.map((deployment) => pods.startService(deployment, "0")),
  ]);
  await cluster.syncServices(services.map(({ service }) => service));
  report(`mesh of ${services.length} pods ready after ${Math.round((Date.now() - started) / 1000)} s`);
  return { cluster, pods, services, gateway, shared };
}

/** The fleet's output in a folder of the run. TASKFLOW_CONFORMANCE_FLEET names one that was synthesized before. */
export async function synthesizeFleet(folder: string): Promise<string> {
  const given = process.env["TASKFLOW_CONFORMANCE_FLEET"];
  if (given !== undefined) {
    return given;
  }
  return synthesizeRows(folder, FLEET);
}

/**
 * The world that the set-up started.
 * @throws Error outside of `npm run test:conformance:mesh`
 */
export function theWorld(): World {
  const world = globalThis.conformanceWorld;
  if (world === undefined) {
    throw new Error("run this by npm run test:conformance:mesh, which starts the mesh first");
  }
  return world;
}

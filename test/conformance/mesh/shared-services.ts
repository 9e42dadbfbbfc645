import { join } from "node:path";
import { NAMESPACES } from "../../../config";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { binaryPath } from "../engines/binaries";
import { replicasOf } from "../injected-pod";
import { loadtester } from "./chart-objects";
import type { MeshCluster } from "./cluster";
import { installFile } from "./install";
import type { RunningPod } from "./pod";
import type { Pods } from "./pods";
import { RateLimitServer } from "./rate-limit-server";
import { Redis } from "./redis";

/** The store's address, in a database subnet, which policies name. */
const STORE_ADDRESS = "10.0.200.10";

/** What runs in the namespace of that name and matters to requests of tenants. */
export interface SharedServices {
  /** Counters of the global rate limit. */
  readonly store: Redis;
  /** Replicas of the global rate limit service. */
  readonly rateLimit: readonly RateLimitServer[];
  /** Flagger's. */
  readonly loadTester: RunningPod;
}

/** Starts every workload of the namespace that the project or its charts have there. */
export async function startSharedServices(cluster: MeshCluster, pods: Pods): Promise<SharedServices> {
  const store = new Redis(join(cluster.folder, "redis"), await cluster.network.add("redis", STORE_ADDRESS));
  await cluster.begin(store);
  const rateLimit: RateLimitServer[] = [];
  const deployment = sharedObject(cluster, "Deployment", "ratelimit");
  const rules = sharedObject(cluster, "ConfigMap", "ratelimit");
  const program = installFile(binaryPath("ratelimit"), cluster.programFolder, 0o755);
  const replicas = Array.from({ length: replicasOf(deployment) }, (_, index) => String(index));
  const [loadTester] = await Promise.all([
    pods.startService(loadtester(cluster.releaseValues("flagger-loadtester")), "0"),
    pods.startService(sharedObject(cluster, "Deployment", "api-gateway"), "0"),
    ...replicas.map((suffix) =>
      pods.startService(deployment, suffix, (host, folder) => {
        const server = new RateLimitServer({ folder, host, program, deployment, rules, store });
        rateLimit.push(server);
        return server;
      }),
    ),
  ]);
  await cluster.syncServices(["ratelimit"]);
  return { store, rateLimit, loadTester };
}

function sharedObject(cluster: MeshCluster, kind: string, name: string): KubernetesObject {
  const found = cluster.manifests
    .map(({ object }) => object)
    .find(
      (object) =>
        object.kind === kind &&
        object.metadata.name === name &&
        object.metadata.namespace === NAMESPACES.sharedServices,
    );
  if (found === undefined) {
    throw new Error(`no ${kind} ${NAMESPACES.sharedServices}/${name} was synthesized`);
  }
  return found;
}

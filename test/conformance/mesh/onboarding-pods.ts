import { isObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { nameOf } from "../subjects";
import { run } from "./hosts";
import type { Difference } from "./onboarding-difference";
import type { RunningPod } from "./pod";
import type { World } from "./world";

/** As many pods as Deployments ask for, as their controllers and the kubelet would see to it. */
export class DeployedPods {
  private readonly pods = new Map<string, readonly RunningPod[]>();
  private started = 0;

  public constructor(private readonly world: World) {}

  /** Number of pods that run. */
  public get count(): number {
    return [...this.pods.values()].flat().length;
  }

  /** Starts the pods that Deployments want after an apply, and waits until all are ready. */
  public async start({ created, changed }: Pick<Difference, "created" | "changed">): Promise<void> {
    await Promise.all([...created, ...changed].filter(isDeployment).map((deployment) => this.grow(deployment)));
  }

  /** Stops the pods that Deployments want no longer, or whose Deployments are to go. */
  public async stop({ changed, removed }: Pick<Difference, "changed" | "removed">): Promise<void> {
    for (const deployment of changed.filter(isDeployment)) {
      await this.shrink(deployment, replicasOf(deployment));
    }
    for (const deployment of removed.filter(isDeployment)) {
      await this.shrink(deployment, 0);
    }
  }

  private podsOf(deployment: KubernetesObject): readonly RunningPod[] {
    return this.pods.get(nameOf(deployment)) ?? [];
  }

  private async grow(deployment: KubernetesObject): Promise<void> {
    for (let have = this.podsOf(deployment); have.length < replicasOf(deployment); have = this.podsOf(deployment)) {
      this.started += 1;
      const pod = await this.world.pods.startService(deployment, `r${this.started}`);
      this.pods.set(nameOf(deployment), [...have, pod]);
    }
  }

  private async shrink(deployment: KubernetesObject, replicas: number): Promise<void> {
    const have = this.podsOf(deployment);
    for (const pod of have.slice(replicas)) {
      await this.end(pod);
    }
    this.pods.set(nameOf(deployment), have.slice(0, replicas));
  }

  /** Ends the pod's object, what runs in it, whose engines the cluster would stop at its own end alone, and its host. */
  private async end({ host, name, namespace }: RunningPod): Promise<void> {
    const { cluster } = this.world;
    await cluster.client.delete({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace } });
    await run(host, ["sh", "-c", 'kill -9 $(ip netns pids "$1" | grep -vx $$)', "sh", host.namespace]);
    await cluster.network.remove(host);
  }
}

/** Replicas as written; an autoscaler sets them where they are not. */
function replicasOf(deployment: KubernetesObject): number {
  const replicas = isObject(deployment["spec"]) ? deployment["spec"]["replicas"] : undefined;
  return typeof replicas === "number" ? replicas : 1;
}

function isDeployment({ kind }: KubernetesObject): boolean {
  return kind === "Deployment";
}

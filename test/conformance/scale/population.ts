import type { KubernetesObject } from "../../../tools/manifests/object";
import { plainPod, replicasOf } from "../injected-pod";
import type { Answer } from "../engines/http";
import { isAccepted, type KubernetesClient, reasonOf } from "../kubernetes-client";
import { type Host, run } from "../mesh/hosts";
import { runningStatus, scheduled } from "../mesh/pod";
import { nameOf } from "../subjects";
import type { TenantObjects } from "./fleet";

/** Tenants at a time; more wait for the API server on two cores anyway. */
const WORKERS = 12;

/** A private subnet of which no other pod is, and the three bytes from which its addresses count up. */
const SUBNET = { cidr: "10.0.160.0/20", first: [10, 0, 160] } as const;

/** Tenants in an API server whose pods are objects alone: scheduled, running, ready, with an address where nothing listens. */
export class Population {
  private addresses = 0;

  public constructor(private readonly client: KubernetesClient) {}

  /** Number of pods so far. */
  public get pods(): number {
    return this.addresses;
  }

  /** Has the node refuse connections to all pods at once: a client that waits for nobody would take seconds to say so. */
  public async start(node: Host): Promise<void> {
    const { code, stderr } = await run(node, ["ip", "route", "add", "local", SUBNET.cidr, "dev", "lo"]);
    if (code !== 0) {
      throw new Error(`route to ${SUBNET.cidr}: ${stderr}`);
    }
  }

  /** Adds tenants, some at a time. */
  public async addAll(tenants: readonly TenantObjects[]): Promise<void> {
    const waiting = [...tenants];
    const work = async (): Promise<void> => {
      for (let tenant = waiting.shift(); tenant !== undefined; tenant = waiting.shift()) {
        await this.add(tenant);
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
  }

  /** Adds a tenant with its pods. */
  public async add(tenant: TenantObjects): Promise<void> {
    for (const object of tenant.objects) {
      accepted(object, await this.client.create(object));
    }
    await this.addPods(tenant);
  }

  /** Adds as many pods as a tenant's Deployments ask for. */
  public async addPods({ deployments }: TenantObjects): Promise<void> {
    for (const deployment of deployments) {
      for (let index = 0; index < replicasOf(deployment); index += 1) {
        await this.addPod(plainPod(deployment, `${deployment.metadata.name ?? ""}-${index}`));
      }
    }
  }

  private async addPod(pod: KubernetesObject): Promise<void> {
    const object = scheduled(pod, true);
    accepted(object, await this.client.create(object));
    const status = runningStatus({ namespace: "", address: this.nextAddress() });
    accepted(object, await this.client.patchStatus(object, status));
  }

  private nextAddress(): string {
    this.addresses += 1;
    const [first, second, third] = SUBNET.first;
    return [first, second, third + Math.floor(this.addresses / 256), this.addresses % 256].join(".");
  }
}

function accepted(object: KubernetesObject, answer: Answer): void {
  if (!isAccepted(answer)) {
    throw new Error(`${nameOf(object)}: ${reasonOf(answer)}`);
  }
}

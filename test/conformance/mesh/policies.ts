import { setTimeout as sleep } from "node:timers/promises";
import { isObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import type { World } from "./world";
import { run } from "./hosts";

const POLL_MILLISECONDS = 200;
const PATIENCE_MILLISECONDS = 30_000;

/** How long what has been pushed may take from one worker of Envoy to the next. */
const SETTLING_MILLISECONDS = 500;

export type PolicyKind = "NetworkPolicy" | "AuthorizationPolicy" | "PeerAuthentication";

/** What an enforcer does, and the policies that it should know of. */
interface Enforcement {
  readonly rules: string;
  readonly objects: readonly KubernetesObject[];
}

/** The synthesized policies of a kind in some namespaces, to be taken away and put back. */
export class PolicyLayer {
  private readonly objects: readonly KubernetesObject[];

  public constructor(
    private readonly world: World,
    private readonly kind: PolicyKind,
    private readonly namespaces: readonly string[],
  ) {
    this.objects = world.cluster.manifests
      .map(({ object }) => object)
      .filter((object) => object.kind === kind && namespaces.includes(object.metadata.namespace ?? ""));
    if (this.objects.length === 0) {
      throw new Error(`no ${kind} in ${namespaces.join(", ")}`);
    }
  }

  /** Deletes the policies and waits until nothing enforces them. */
  public async remove(): Promise<void> {
    for (const object of this.objects) {
      await this.world.cluster.client.delete(object);
    }
    await this.settle(false);
  }

  /** Creates the policies again and waits until all are enforced. */
  public async restore(): Promise<void> {
    for (const object of this.objects) {
      await this.world.cluster.apply(object);
    }
    await this.settle(true);
  }

  private async settle(present: boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MILLISECONDS;
    while (!(await this.isEnforced(present))) {
      if (Date.now() > deadline) {
        throw new Error(`${this.kind} of ${this.namespaces.join(", ")}: still not ${present ? "there" : "gone"}`);
      }
      await sleep(POLL_MILLISECONDS);
    }
    await sleep(SETTLING_MILLISECONDS);
  }

  /** Whether every enforcer has all the policies that concern it (or none). */
  private async isEnforced(present: boolean): Promise<boolean> {
    const states = this.kind === "NetworkPolicy" ? [await this.atNode()] : await Promise.all(this.atProxies());
    return states.every(({ rules, objects }) =>
      objects.flatMap((object) => this.marker(object)).every((marker) => marker.test(rules) === present),
    );
  }

  private async atNode(): Promise<Enforcement> {
    const { stdout } = await run(this.world.cluster.network.node, ["iptables-save", "-t", "filter"]);
    return { rules: stdout, objects: this.objects };
  }

  private atProxies(): readonly Promise<Enforcement>[] {
    const { services, gateway } = this.world;
    return [...services, gateway]
      .filter(({ namespace }) => this.namespaces.includes(namespace))
      .map(async ({ host, namespace }) => ({
        rules: (await run(host, ["curl", "-s", "-m", "5", "http://127.0.0.1:15000/config_dump"])).stdout,
        objects: this.objects.filter((object) => object.metadata.namespace === namespace),
      }));
  }

  /** How an enforcer spells a policy; kube-router does not name one without rules, but for which its pods have no others. */
  private marker(object: KubernetesObject): readonly RegExp[] {
    const { name = "", namespace = "" } = object.metadata;
    if (this.kind !== "NetworkPolicy") {
      return [new RegExp(`ns\\[${namespace}\\]-policy\\[${name}\\]`)];
    }
    const spec = isObject(object["spec"]) ? object["spec"] : {};
    const hasRules = spec["ingress"] !== undefined || spec["egress"] !== undefined;
    return hasRules ? [new RegExp(`policy name:? ${name} namespace ${namespace}"`)] : [];
  }
}

import type { AddressRange } from "./addresses";
import type { PortRange, Protocol } from "./connections";
import type { Labels } from "./source";

/** A port of a container, under the name that policies may call it by. */
export interface NamedPort {
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
}

/** Envoy beside a pod's containers (Istio): none, a sidecar that takes over all traffic, or a gateway, which takes over none. */
export type Proxy = "none" | "sidecar" | "gateway";

/** Pods that are alike: those of one Deployment, or a pod of its own. */
export interface Workload {
  /** `namespace/name[Kind]`. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly ports: readonly NamedPort[];
  /** Pods that share their node's network are outside of every NetworkPolicy. */
  readonly hostNetwork: boolean;
  /** Whether its controller is told to run none of them. @default false */
  readonly isStopped?: true;
  /** Where the pods' addresses are, as far as known. */
  readonly addresses: readonly AddressRange[];
  readonly serviceAccount: string;
  readonly proxy: Proxy;
  /** TCP ports that go past the sidecar. */
  readonly uncaptured: readonly PortRange[];
}

/** Addresses outside of the cluster. */
export interface External {
  /** `10.0.0.0-10.0.0.255`. */
  readonly name: string;
  readonly range: AddressRange;
}

export type Endpoint = Workload | External;

export function isExternal(endpoint: Endpoint): endpoint is External {
  return "range" in endpoint;
}

/** Yes/no questions about endpoints, each asked once of an endpoint, however many rules depend on its answer. */
export class Questions {
  private readonly ids = new Map<string, number>();
  private readonly tests: ((endpoint: Endpoint) => boolean)[] = [];

  /**
   * Number of a question.
   *
   * @param key - equal for questions that have equal answers
   */
  public ask(key: string, test: (endpoint: Endpoint) => boolean): number {
    const known = this.ids.get(key);
    if (known !== undefined) {
      return known;
    }
    this.ids.set(key, this.tests.length);
    return this.tests.push(test) - 1;
  }

  /** Numbers of the questions that an endpoint answers with yes. */
  public answers(endpoint: Endpoint): ReadonlySet<number> {
    return new Set(this.tests.flatMap((test, id) => (test(endpoint) ? [id] : [])));
  }
}

import { touches } from "./addresses";
import { Connections, type Protocol } from "./connections";
import { type Endpoint, isExternal, Questions } from "./endpoint";
import { grouped } from "../grouped";
import {
  type Direction,
  DIRECTIONS,
  type NetworkPolicy,
  type Peer,
  type PolicyPort,
  type Rule,
} from "./network-policy";
import type { Labels } from "./source";

/** What NetworkPolicies see of an endpoint. Endpoints with equal keys are alike to all of them. */
export interface NetworkFacts {
  readonly key: string;
  readonly isolatedBy: Readonly<Record<Direction, Isolation>>;
  readonly peerOf: ReadonlySet<number>;
  readonly named: ReadonlyMap<string, Connections>;
  /** Equal for equal `named`. */
  readonly namedKey: string;
}

/** What isolates an endpoint in one direction. Nothing does where there are no policies. */
interface Isolation {
  readonly policies: readonly CompiledPolicy[];
  /** Questions about the peer that the policies ask. */
  readonly asked: readonly number[];
  /** What was judged, by the answers. */
  readonly judged: Map<string, Connections>;
}

interface CompiledRule {
  /** Questions of which one must be answered with yes. @default - everybody is a peer */
  readonly peers?: readonly number[];
  readonly numbered: Connections;
  /** Ports by name, each as it stands in `NetworkFacts.named`. */
  readonly named: readonly string[];
  /** All of them as they are written. */
  readonly ports: readonly PolicyPort[];
}

interface CompiledPolicy {
  readonly policy: NetworkPolicy;
  readonly number: number;
  readonly rules: { readonly [direction in Direction]?: readonly CompiledRule[] };
}

/** NetworkPolicies as Kubernetes defines them: additive, and without effect on pods that none of them selects. */
export class NetworkPolicyEngine {
  private readonly questions = new Questions();
  private readonly portNames = new Set<string>();
  private readonly byNamespace: ReadonlyMap<string, readonly CompiledPolicy[]>;

  constructor(
    policies: readonly NetworkPolicy[],
    private readonly namespaces: ReadonlyMap<string, Labels>,
  ) {
    this.byNamespace = grouped(
      policies.map((policy, number) => this.compile(policy, number)),
      ({ policy }) => policy.namespace,
    );
  }

  public facts(endpoint: Endpoint): NetworkFacts {
    const isolatedBy = { ingress: this.isolation(endpoint, "ingress"), egress: this.isolation(endpoint, "egress") };
    const peerOf = this.questions.answers(endpoint);
    const named = this.namedPorts(endpoint);
    const namedKey = [...named].map(([name, connections]) => `${name} ${connections.toString()} `).join("");
    const key = JSON.stringify([
      DIRECTIONS.map((direction) => isolatedBy[direction].policies.map(({ number }) => number)),
      [...peerOf],
      namedKey,
    ]);
    return { key, isolatedBy, peerOf, named, namedKey };
  }

  /** What one end's policies let through: the source's for egress, the destination's for ingress. */
  public allowed(direction: Direction, from: NetworkFacts, to: NetworkFacts): Connections {
    const [subject, peer] = direction === "egress" ? [from, to] : [to, from];
    const { policies, asked, judged } = subject.isolatedBy[direction];
    if (policies.length === 0) {
      return Connections.all;
    }
    let key = direction === "egress" ? to.namedKey : "";
    for (const question of asked) {
      key += peer.peerOf.has(question) ? "y" : "n";
    }
    const known = judged.get(key) ?? judge(policies, direction, peer, to);
    judged.set(key, known);
    return known;
  }

  /** The policies that let something through between the two, or, where none does, those that keep everything out. */
  public deciding(direction: Direction, from: NetworkFacts, to: NetworkFacts): readonly NetworkPolicy[] {
    const [subject, peer] = direction === "egress" ? [from, to] : [to, from];
    const { policies } = subject.isolatedBy[direction];
    const letting = policies.filter(({ rules }) =>
      rules[direction]?.some((rule) => matches(rule, peer) && !connectionsOf(rule, to).isEmpty),
    );
    return (letting.length > 0 ? letting : policies).map(({ policy }) => policy);
  }

  /** Ports of each rule of the subject through which it meets a peer. */
  public portsTowards(
    direction: Direction,
    subject: NetworkFacts,
    peer: NetworkFacts,
  ): readonly (readonly PolicyPort[])[] {
    return subject.isolatedBy[direction].policies.flatMap(({ rules }) =>
      (rules[direction] ?? []).filter((rule) => matches(rule, peer)).map(({ ports }) => ports),
    );
  }

  private isolation(endpoint: Endpoint, direction: Direction): Isolation {
    const policies =
      isExternal(endpoint) || endpoint.hostNetwork
        ? []
        : (this.byNamespace.get(endpoint.namespace) ?? []).filter(
            ({ policy, rules }) => rules[direction] !== undefined && policy.pods.matches(endpoint.labels),
          );
    const rules = policies.flatMap((policy) => policy.rules[direction] ?? []);
    return { policies, asked: [...new Set(rules.flatMap(({ peers = [] }) => peers))], judged: new Map() };
  }

  /** Ports of an endpoint by those names that some policy uses. */
  private namedPorts(endpoint: Endpoint): ReadonlyMap<string, Connections> {
    const named = new Map<string, Connections>();
    for (const { name, protocol, port } of isExternal(endpoint) ? [] : endpoint.ports) {
      if (this.portNames.has(name)) {
        const key = nameKey(protocol, name);
        named.set(key, Connections.of(protocol, [[port, port]]).union(named.get(key) ?? Connections.none));
      }
    }
    return named;
  }

  private compile(policy: NetworkPolicy, number: number): CompiledPolicy {
    const compileRule = ({ peers, ports }: Rule): CompiledRule => ({
      ...(peers === undefined ? {} : { peers: peers.map((peer) => this.question(peer, policy.namespace)) }),
      numbered:
        ports === undefined
          ? Connections.all
          : ports.reduce(
              (sum, { protocol, port }) =>
                typeof port === "string" ? sum : sum.union(Connections.of(protocol, [port])),
              Connections.none,
            ),
      ports: ports ?? [],
      named: (ports ?? []).flatMap(({ protocol, port }) => (typeof port === "string" ? [nameKey(protocol, port)] : [])),
    });
    const { ingress, egress } = policy.rules;
    for (const { port } of [...(ingress ?? []), ...(egress ?? [])].flatMap(({ ports = [] }) => ports)) {
      if (typeof port === "string") {
        this.portNames.add(port);
      }
    }
    return {
      policy,
      number,
      rules: {
        ...(ingress === undefined ? {} : { ingress: ingress.map(compileRule) }),
        ...(egress === undefined ? {} : { egress: egress.map(compileRule) }),
      },
    };
  }

  private question(peer: Peer, ownNamespace: string): number {
    if (peer.is === "addresses") {
      return this.questions.ask(JSON.stringify(peer.block), (endpoint) =>
        isExternal(endpoint)
          ? touches(peer.block, endpoint.range)
          : endpoint.addresses.some((range) => touches(peer.block, range)),
      );
    }
    const { namespaces, pods } = peer;
    const scope = namespaces === undefined ? `in ${ownNamespace}` : namespaces.key;
    return this.questions.ask(`${scope} ${pods.key}`, (endpoint) => {
      // A pod on its node's network bears the node's address: no selector tells it from other traffic of the node.
      if (isExternal(endpoint) || endpoint.hostNetwork) {
        return false;
      }
      const inNamespace =
        namespaces === undefined
          ? endpoint.namespace === ownNamespace
          : namespaces.matches(this.namespaces.get(endpoint.namespace) ?? new Map());
      return inNamespace && pods.matches(endpoint.labels);
    });
  }
}

function judge(
  policies: readonly CompiledPolicy[],
  direction: Direction,
  peer: NetworkFacts,
  to: NetworkFacts,
): Connections {
  return policies
    .flatMap(({ rules }) => rules[direction] ?? [])
    .filter((rule) => matches(rule, peer))
    .reduce((allowed, rule) => allowed.union(connectionsOf(rule, to)), Connections.none);
}

function matches(rule: CompiledRule, peer: NetworkFacts): boolean {
  return rule.peers === undefined || rule.peers.some((question) => peer.peerOf.has(question));
}

function connectionsOf(rule: CompiledRule, to: NetworkFacts): Connections {
  return rule.named.reduce((sum, name) => sum.union(to.named.get(name) ?? Connections.none), rule.numbered);
}

function nameKey(protocol: Protocol, name: string): string {
  return `${protocol} ${name}`;
}

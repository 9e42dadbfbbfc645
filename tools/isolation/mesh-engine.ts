import type { AddressRange } from "./addresses";
import {
  type Action,
  addressBlock,
  type Attribute,
  type AuthorizationPolicy,
  type AuthorizationRule,
  type Condition,
  ROOT_NAMESPACE,
} from "./authorization-policy";
import { ALL_PORTS, Connections, type PortRange } from "./connections";
import { type Endpoint, isExternal, Questions, type Workload } from "./endpoint";
import { grouped } from "../grouped";
import { least, Match, matchAddress, matchesPattern, most } from "./match";
import type { MutualTlsMode, PeerAuthentication } from "./peer-authentication";
import type { ApplicationProtocol, Services } from "./service";

/** Layers of the mesh, each of which can be asked alone. */
const MESH_LAYERS = ["STRICT mTLS", "AuthorizationPolicy DENY", "AuthorizationPolicy ALLOW"] as const;
type MeshLayer = (typeof MESH_LAYERS)[number];

/** What the mesh sees of an endpoint. Endpoints with equal keys are alike to it. */
export interface MeshFacts {
  readonly key: string;
  readonly isInMesh: boolean;
  readonly addresses: readonly AddressRange[];
  readonly addressKey: string;
  readonly answers: ReadonlySet<number>;
  /** How its sidecar treats the TCP connections that reach it. @default - it has none, or one that takes over nothing */
  readonly inbound?: Inbound;
}

interface Inbound {
  readonly policies: readonly CompiledPolicy[];
  /** Titles of the PeerAuthentications that say what it takes. */
  readonly authentications: readonly string[];
  /** Ports in pieces within which all is alike. */
  readonly pieces: readonly Piece[];
  /** Questions about the source that its policies ask. */
  readonly asked: readonly number[];
  readonly asksAddresses: boolean;
  /** What was judged, by what the policies see of the source. */
  readonly judged: Map<string, Connections>;
}

interface Piece {
  readonly range: PortRange;
  readonly captured: boolean;
  readonly mode: MutualTlsMode;
  readonly protocols: readonly ApplicationProtocol[];
}

interface Modes {
  readonly workload: MutualTlsMode;
  readonly ports: ReadonlyMap<number, MutualTlsMode>;
  readonly titles: readonly string[];
}

interface CompiledPolicy {
  readonly policy: AuthorizationPolicy;
  readonly number: number;
}

/** One way of connecting. */
interface Attempt {
  readonly from: MeshFacts;
  /** Without a certificate there is no identity. */
  readonly withIdentity: boolean;
  readonly port: number;
  readonly protocol: ApplicationProtocol;
}

/** PeerAuthentications from the one that lets the most in. */
const WEAKEST_FIRST: readonly MutualTlsMode[] = ["DISABLE", "PERMISSIVE", "STRICT"];

/**
 * AuthorizationPolicies and PeerAuthentications as sidecars enforce them. Where something is unknown, what can get
 * through does: a DENY must match for certain, an ALLOW may. A CUSTOM action's answer is taken as yes.
 */
export class MeshEngine {
  private readonly questions = new Questions();
  private readonly policies: ReadonlyMap<string, readonly CompiledPolicy[]>;
  private readonly authentications: ReadonlyMap<string, readonly PeerAuthentication[]>;

  constructor(
    policies: readonly AuthorizationPolicy[],
    authentications: readonly PeerAuthentication[],
    private readonly services: Services,
    private readonly trustDomain: string,
  ) {
    const enforced = policies.filter(({ action, unenforced }) => unenforced === undefined && action !== "AUDIT");
    this.policies = grouped(
      enforced.map((policy, number) => ({ policy, number })),
      ({ policy }) => policy.namespace,
    );
    this.authentications = grouped(authentications, ({ namespace }) => namespace);
    for (const { rules } of enforced) {
      rules.flatMap(conditionsOf).forEach((condition) => this.questionsOf(condition));
    }
  }

  public facts(endpoint: Endpoint): MeshFacts {
    const isInMesh = !isExternal(endpoint) && endpoint.proxy !== "none";
    const inbound = isInMesh ? this.inbound(endpoint) : undefined;
    const answers = this.questions.answers(endpoint);
    const addresses = isExternal(endpoint) ? [endpoint.range] : endpoint.addresses;
    const addressKey = JSON.stringify(addresses);
    const key = JSON.stringify([
      isInMesh,
      addressKey,
      [...answers],
      inbound === undefined
        ? null
        : [inbound.policies.map(({ number }) => number), inbound.authentications, inbound.pieces],
    ]);
    return { key, isInMesh, addresses, addressKey, answers, ...(inbound === undefined ? {} : { inbound }) };
  }

  /**
   * What the destination's sidecar lets through.
   *
   * @param layers - judged by these. One alone is judged as if the sidecar took over every port. @default - by all
   */
  public allowed(from: MeshFacts, to: MeshFacts, layers: readonly MeshLayer[] = MESH_LAYERS): Connections {
    if (to.inbound === undefined) {
      return Connections.all;
    }
    const { inbound } = to;
    let key = from.isInMesh ? "in mesh " : "";
    for (const question of inbound.asked) {
      key += from.answers.has(question) ? "y" : "n";
    }
    key += inbound.asksAddresses ? from.addressKey : "";
    for (const layer of layers) {
      key += layer;
    }
    const known = inbound.judged.get(key) ?? this.judge(from, inbound, layers);
    inbound.judged.set(key, known);
    return known;
  }

  private judge(from: MeshFacts, { policies, pieces }: Inbound, layers: readonly MeshLayer[]): Connections {
    const isAlone = layers.length === 1;
    const open = pieces.filter((piece) => (!piece.captured && !isAlone) || this.admits(from, policies, piece, layers));
    if (open.length === pieces.length) {
      return Connections.all;
    }
    // A sidecar takes over TCP alone.
    return Connections.of(
      "TCP",
      open.map(({ range }) => range),
    )
      .union(Connections.of("UDP", [ALL_PORTS]))
      .union(Connections.of("SCTP", [ALL_PORTS]));
  }

  /**
   * Titles of the policies that decide between the two: those that can match, or, where none does, the ALLOW policies
   * that ask for a match; where no connection gets as far as that, the PeerAuthentications.
   */
  public deciding(from: MeshFacts, to: MeshFacts): readonly string[] {
    const { policies = [], pieces = [], authentications = [] } = to.inbound ?? {};
    const attempts = pieces.filter(({ captured }) => captured).flatMap((piece) => attemptsOf(from, piece, true));
    if (attempts.length === 0) {
      return authentications;
    }
    const matching = policies.filter((policy) =>
      attempts.some((attempt) => this.match(policy, attempt) !== Match.None),
    );
    const allows = policies.filter(({ policy }) => policy.action === "ALLOW");
    return (matching.length > 0 ? matching : allows).map(({ policy }) => policy.title);
  }

  private inbound(workload: Workload): Inbound {
    const policies = [workload.namespace, ...(workload.namespace === ROOT_NAMESPACE ? [] : [ROOT_NAMESPACE])]
      .flatMap((namespace) => this.policies.get(namespace) ?? [])
      .filter(({ policy }) => policy.pods.matches(workload.labels));
    const conditions = policies.flatMap(({ policy }) => policy.rules.flatMap(conditionsOf));
    const modes = this.modes(workload);
    // Without a condition about HTTP it is all the same how Envoy reads a connection.
    const asksHttp = conditions.some(({ attribute }) => attribute === "http");
    const services: ReadonlyMap<number, readonly ApplicationProtocol[]> = asksHttp
      ? this.services.protocols(workload)
      : new Map();
    const starts = new Set([
      ALL_PORTS[0],
      ...[...modes.ports.keys(), ...services.keys(), ...conditions.flatMap(portsOf)].flatMap((port) => [
        port,
        port + 1,
      ]),
      ...workload.uncaptured.flatMap(([first, last]) => [first, last + 1]),
    ]);
    const sorted = [...starts].filter((port) => port <= ALL_PORTS[1]).sort((left, right) => left - right);
    const pieces = sorted.map((first, index): Piece => {
      const isGateway = workload.proxy === "gateway";
      return {
        range: [first, (sorted[index + 1] ?? ALL_PORTS[1] + 1) - 1],
        captured: !workload.uncaptured.some((range) => range[0] <= first && first <= range[1]),
        // A gateway's listeners take what its Gateway objects say.
        mode: isGateway ? "PERMISSIVE" : (modes.ports.get(first) ?? modes.workload),
        protocols: services.get(first) ?? (asksHttp ? ["HTTP", "TCP"] : ["TCP"]),
      };
    });
    return {
      policies,
      authentications: modes.titles,
      pieces,
      asked: [...new Set(conditions.flatMap((condition) => this.questionsOf(condition)))],
      asksAddresses: conditions.some(({ attribute }) => attribute === "address"),
      judged: new Map(),
    };
  }

  /** A workload's own PeerAuthentication beats its namespace's, and that the root namespace's. */
  private modes(workload: Workload): Modes {
    const own = this.authentications.get(workload.namespace) ?? [];
    const root = this.authentications.get(ROOT_NAMESPACE) ?? [];
    const selecting = own.filter(({ pods }) => !pods.isEmpty && pods.matches(workload.labels));
    const levels = [selecting, own.filter(({ pods }) => pods.isEmpty), root.filter(({ pods }) => pods.isEmpty)];
    const level = levels.find((policies) => policies.some(({ mode }) => mode !== undefined)) ?? [];
    return {
      workload: weakest(level.flatMap(({ mode }) => mode ?? [])) ?? "PERMISSIVE",
      titles: level.map(({ title }) => title),
      ports: new Map(selecting.flatMap(({ ports }) => [...ports])),
    };
  }

  private admits(
    from: MeshFacts,
    policies: readonly CompiledPolicy[],
    piece: Piece,
    layers: readonly MeshLayer[],
  ): boolean {
    return attemptsOf(from, piece, layers.includes("STRICT mTLS")).some((attempt) => {
      const matched = (action: Action, least: Match): boolean =>
        policies.some((policy) => policy.policy.action === action && this.match(policy, attempt) >= least);
      const denied = layers.includes("AuthorizationPolicy DENY") && matched("DENY", Match.All);
      const needsAllow =
        layers.includes("AuthorizationPolicy ALLOW") && policies.some(({ policy }) => policy.action === "ALLOW");
      return !denied && (!needsAllow || matched("ALLOW", Match.Some));
    });
  }

  private match({ policy }: CompiledPolicy, attempt: Attempt): Match {
    return most(policy.rules.map((rule) => this.matchRule(rule, attempt, policy.action)));
  }

  private matchRule({ from, to, when }: AuthorizationRule, attempt: Attempt, action: Action): Match {
    const clause = (conditions: readonly Condition[]): Match =>
      least(conditions.map((condition) => this.matchCondition(condition, attempt, action)));
    return least([
      from === undefined ? Match.All : most(from.map(clause)),
      to === undefined ? Match.All : most(to.map(clause)),
      clause(when),
    ]);
  }

  private matchCondition(condition: Condition, attempt: Attempt, action: Action): Match {
    const { attribute, values, negated } = condition;
    if (attribute === "http" && attempt.protocol === "TCP") {
      // On a TCP port istiod drops an ALLOW rule with HTTP conditions, and of a DENY rule those conditions.
      return action === "DENY" ? Match.All : Match.None;
    }
    const match = most(values.map((value) => this.matchValue(attribute, value, attempt)));
    return negated ? Match.All - match : match;
  }

  private matchValue(attribute: Attribute, value: string, attempt: Attempt): Match {
    switch (attribute) {
      case "principal":
      case "namespace":
      case "serviceAccount":
        return attempt.withIdentity && attempt.from.answers.has(this.identityQuestion(attribute, value))
          ? Match.All
          : Match.None;
      case "port":
        return Number(value) === attempt.port ? Match.All : Match.None;
      case "address":
        return matchAddress(addressBlock(value), attempt.from.addresses);
      case "remoteAddress":
        // A client writes that header as it likes.
        return matchAddress(addressBlock(value), []);
      case "http":
        return value === "*" ? Match.All : Match.Some;
      case "unknown":
        return Match.Some;
    }
  }

  private questionsOf({ attribute, values }: Condition): readonly number[] {
    return attribute === "principal" || attribute === "namespace" || attribute === "serviceAccount"
      ? values.map((value) => this.identityQuestion(attribute, value))
      : [];
  }

  private identityQuestion(attribute: "principal" | "namespace" | "serviceAccount", value: string): number {
    return this.questions.ask(`${attribute} ${value}`, (endpoint) => {
      if (isExternal(endpoint) || endpoint.proxy === "none") {
        return false;
      }
      const { namespace, serviceAccount } = endpoint;
      switch (attribute) {
        case "principal":
          return matchesPattern(value, `${this.trustDomain}/ns/${namespace}/sa/${serviceAccount}`);
        case "namespace":
          return matchesPattern(value, namespace);
        case "serviceAccount":
          return value === `${namespace}/${serviceAccount}`;
      }
    });
  }
}

/** Ways to connect to a port. A pod can go around its own sidecar, so one in the mesh has the choice to show no certificate. */
function attemptsOf(from: MeshFacts, piece: Piece, withMutualTls: boolean): readonly Attempt[] {
  const mode = withMutualTls ? piece.mode : "PERMISSIVE";
  const identities = [...(from.isInMesh && mode !== "DISABLE" ? [true] : []), ...(mode === "STRICT" ? [] : [false])];
  return identities.flatMap((withIdentity) =>
    piece.protocols.map((protocol) => ({ from, withIdentity, port: piece.range[0], protocol })),
  );
}

function conditionsOf({ from = [], to = [], when }: AuthorizationRule): readonly Condition[] {
  return [...from.flat(), ...to.flat(), ...when];
}

function portsOf({ attribute, values }: Condition): readonly number[] {
  return attribute === "port" ? values.map(Number) : [];
}

function weakest(modes: readonly MutualTlsMode[]): MutualTlsMode | undefined {
  return WEAKEST_FIRST.find((mode) => modes.includes(mode));
}

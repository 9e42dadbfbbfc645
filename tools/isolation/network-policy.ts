import { type AddressBlock, type AddressRange, contains, parseCidr } from "./addresses";
import { ALL_PORTS, type PortRange, type Protocol, PROTOCOLS } from "./connections";
import { Selector } from "./selector";
import { Field, type Problems, type SourceObject } from "./source";

/** Kubernetes puts an object that names no namespace here. */
export const DEFAULT_NAMESPACE = "default";

export const DIRECTIONS = ["ingress", "egress"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Whom a rule lets through. */
export type Peer =
  | {
      readonly is: "pods";
      /** @default - the policy's own namespace */
      readonly namespaces?: Selector;
      readonly pods: Selector;
    }
  | { readonly is: "addresses"; readonly block: AddressBlock };

/** What a rule lets through. */
export interface PolicyPort {
  readonly protocol: Protocol;
  /** Numbers, or a name that stands for a number on each pod that is connected to. */
  readonly port: PortRange | string;
}

export interface Rule {
  /** @default - everybody */
  readonly peers?: readonly Peer[];
  /** @default - every port of every protocol */
  readonly ports?: readonly PolicyPort[];
}

/** A NetworkPolicy of the Kubernetes API (networking.k8s.io/v1), its defaults applied. */
export interface NetworkPolicy {
  /** `NetworkPolicy namespace/name`. */
  readonly title: string;
  readonly namespace: string;
  readonly name: string;
  /** Pods of the namespace that it is for. */
  readonly pods: Selector;
  /** Rules of each direction that it isolates the pods in; a direction that is absent is none of its business. */
  readonly rules: { readonly [direction in Direction]?: readonly Rule[] };
  readonly source: SourceObject;
}

const POLICY_TYPES = ["Ingress", "Egress"] as const;

/** Reads a policy as the API server would: what it would refuse is a problem. */
export function readNetworkPolicy(source: SourceObject, problems: Problems): NetworkPolicy {
  const { namespace = DEFAULT_NAMESPACE, name = "" } = source.object.metadata;
  const spec = Field.root(source, problems).get("spec");
  spec.object(["podSelector", "policyTypes", "ingress", "egress"]);
  if (!spec.isPresent) {
    spec.reject("is missing");
  }
  const types = spec
    .get("policyTypes")
    .items()
    .flatMap((item) => item.word(POLICY_TYPES) ?? []);
  const rules = {
    ingress: spec
      .get("ingress")
      .items()
      .map((rule) => readRule(rule, "from")),
    egress: spec
      .get("egress")
      .items()
      .map((rule) => readRule(rule, "to")),
  };
  // The API server's defaulting: a policy is about ingress, and about egress only if it has a rule for it.
  const isolates = {
    ingress: types.length === 0 || types.includes("Ingress"),
    egress: types.length === 0 ? rules.egress.length > 0 : types.includes("Egress"),
  };
  return {
    title: `NetworkPolicy ${namespace}/${name}`,
    namespace,
    name,
    pods: Selector.read(spec.get("podSelector")),
    rules: {
      ...(isolates.ingress ? { ingress: rules.ingress } : {}),
      ...(isolates.egress ? { egress: rules.egress } : {}),
    },
    source,
  };
}

function readRule(field: Field, peersKey: "from" | "to"): Rule {
  field.object([peersKey, "ports"]);
  const peers = field.get(peersKey).items();
  const ports = field.get("ports").items();
  return {
    ...(peers.length > 0 ? { peers: peers.flatMap(readPeer) } : {}),
    ...(ports.length > 0 ? { ports: ports.flatMap(readPort) } : {}),
  };
}

function readPeer(field: Field): Peer[] {
  field.object(["podSelector", "namespaceSelector", "ipBlock"]);
  const ipBlock = field.get("ipBlock");
  const namespaces = field.get("namespaceSelector");
  const pods = field.get("podSelector");
  const selects = namespaces.isPresent || pods.isPresent;
  if (ipBlock.isPresent === selects) {
    field.reject(
      selects
        ? "ipBlock stands alone: no podSelector or namespaceSelector beside it"
        : "a peer needs a podSelector, a namespaceSelector or an ipBlock",
    );
    return [];
  }
  if (ipBlock.isPresent) {
    const block = readBlock(ipBlock);
    return block === undefined ? [] : [{ is: "addresses", block }];
  }
  return [
    {
      is: "pods",
      ...(namespaces.isPresent ? { namespaces: Selector.read(namespaces) } : {}),
      pods: Selector.read(pods),
    },
  ];
}

/** @returns undefined for IPv6, which no address of this tool is in, and for what is wrong */
function readBlock(field: Field): AddressBlock | undefined {
  field.object(["cidr", "except"]);
  const cidr = field.get("cidr");
  if (!cidr.isPresent) {
    cidr.reject("is missing");
  }
  const within = readCidr(cidr);
  const except = field
    .get("except")
    .items()
    .flatMap((item) => {
      const range = readCidr(item);
      if (typeof within === "object" && typeof range === "object" && !contains(within, range)) {
        item.reject(`"${String(item.value)}" is not within cidr "${String(cidr.value)}"`);
      }
      return typeof range === "object" ? [range] : [];
    });
  return typeof within === "object" ? { within, except } : undefined;
}

function readCidr(field: Field): AddressRange | "IPv6" | undefined {
  const text = field.text();
  if (text === undefined) {
    return undefined;
  }
  const range = parseCidr(text);
  if (range === undefined) {
    field.reject(`"${text}" is no address range; allowed: a CIDR such as 10.0.0.0/8`);
  }
  return range;
}

function readPort(field: Field): PolicyPort[] {
  field.object(["protocol", "port", "endPort"]);
  const named = field.get("protocol");
  const protocol = named.isPresent ? named.word(PROTOCOLS) : "TCP";
  const port = readPortNumbers(field);
  return protocol === undefined || port === undefined ? [] : [{ protocol, port }];
}

function readPortNumbers(field: Field): PortRange | string | undefined {
  const port = field.get("port");
  const endPort = field.get("endPort");
  if (typeof port.value === "string") {
    if (endPort.isPresent) {
      endPort.reject("a port's name has no range; allowed: beside a port's number");
    }
    // Of the API's rules for a port's name, the one that tells a name from a number in quotes.
    if (!/^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(port.value)) {
      port.reject(
        `invalid value "${port.value}"; allowed: a number without quotes, or a port's name of 15 a-z, 0-9, -`,
      );
      return undefined;
    }
    return port.value;
  }
  if (!port.isPresent) {
    if (endPort.isPresent) {
      endPort.reject("the range has no start; allowed: beside a port's number");
    }
    return ALL_PORTS;
  }
  const first = port.integer(...ALL_PORTS);
  const last = endPort.integer(...ALL_PORTS) ?? first;
  if (first === undefined || last === undefined) {
    return undefined;
  }
  if (last < first) {
    endPort.reject(`${last} is less than port ${first}`);
    return undefined;
  }
  return [first, last];
}

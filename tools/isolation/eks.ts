import { NAMESPACE_PREFIX } from "../../tenancy/names";
import { isObject, type Json } from "../manifests/json";
import { isExternal } from "./endpoint";
import type { Finding } from "./findings";
import type { Fleet } from "./fleet";
import { grouped } from "../grouped";
import { DIRECTIONS, type NetworkPolicy, type PolicyPort } from "./network-policy";
import { isTenantNamespace, tenantOf } from "./party";
import { Selector } from "./selector";
import type { Service } from "./service";
import { wholeNamespaces } from "./structure";
import type { Terraform } from "./terraform";

/** Port and protocol combinations that one address may have in the VPC CNI's maps (EKS user guide, network policies). */
const MAX_PORTS_PER_ADDRESS = 24;

const ENFORCING_MODES = ["standard", "strict"];

export interface EksLint {
  readonly findings: readonly Finding[];
  /** What is so by choice, and worth knowing. */
  readonly notes: readonly string[];
}

/** What the VPC CNI does otherwise than the Kubernetes API says, so that policies above read right and do not hold. */
export function lintEks(fleet: Fleet): EksLint {
  const { cluster, terraform } = fleet;
  const guarded = cluster.services.filter(({ namespace }) => isGuarded(namespace));
  const { findings, notes } = lintCni(terraform);
  return {
    findings: [
      ...findings,
      ...lintNodes(terraform),
      ...guarded.flatMap(lintService),
      ...cluster.networkPolicies.flatMap(lintPolicy),
      ...lintPeers(fleet),
      ...lintWorkloads(fleet),
      ...lintPortCount(fleet),
    ],
    notes,
  };
}

/** Without the switch every policy is accepted and none enforced. */
function lintCni(terraform: Terraform): EksLint {
  const addOn = terraform
    .resources("aws_eks_addon")
    .find((resource) => terraform.text(resource, "addon_name") === "vpc-cni");
  if (addOn === undefined) {
    return { findings: [eks("the output has no add-on vpc-cni: nothing enforces NetworkPolicies")], notes: [] };
  }
  const configuration = terraform.json(addOn, "configuration_values") ?? {};
  const enabled = String(configuration["enableNetworkPolicy"] ?? "false");
  const mode = String(member(configuration["env"], "NETWORK_POLICY_ENFORCING_MODE") ?? "standard");
  return {
    findings: [
      ...(enabled === "true"
        ? []
        : [
            eks(`add-on vpc-cni: enableNetworkPolicy is ${enabled}: every NetworkPolicy is accepted and none enforced`),
          ]),
      ...(ENFORCING_MODES.includes(mode)
        ? []
        : [eks(`add-on vpc-cni: NETWORK_POLICY_ENFORCING_MODE is "${mode}"; allowed: ${ENFORCING_MODES.join(", ")}`)]),
    ],
    notes:
      mode === "standard"
        ? ["vpc-cni enforces in mode standard: a new pod is open both ways until its policies are programmed"]
        : [],
  };
}

function lintNodes(terraform: Terraform): readonly Finding[] {
  return terraform.resources("aws_launch_template").flatMap((template) => {
    const options = terraform.value(template, "metadata_options");
    const [hops, tokens] = [member(options, "http_put_response_hop_limit"), member(options, "http_tokens")];
    return hops === 1 && tokens === "required"
      ? []
      : [
          eks(
            `launch template ${terraform.text(template, "name")}: hop limit ${String(hops)}, tokens ${String(tokens)}; expected: 1, required (else a pod gets the node's credentials)`,
          ),
        ];
  });
}

/** Egress is judged before the Service's address is translated: with the Service's own port. */
function lintService({ namespace, name, ports }: Service): readonly Finding[] {
  return ports.flatMap(({ port, targetPort }) =>
    port === targetPort
      ? []
      : [
          eks(
            `Service ${name}: port ${port} leads to ${typeof targetPort === "string" ? `the port named "${targetPort}"` : targetPort}; the VPC CNI needs both equal, and a number`,
            namespace,
          ),
        ],
  );
}

function lintPolicy({ name, namespace, rules }: NetworkPolicy): readonly Finding[] {
  const names = DIRECTIONS.flatMap((direction) => rules[direction] ?? [])
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ port }) => (typeof port === "string" ? [port] : []));
  return names.map((port) =>
    eks(`NetworkPolicy ${name}: port "${port}" is a name, which the VPC CNI can skip; expected: a number`, namespace),
  );
}

/** A Service's address is opened only if the peer's podSelector matches the Service's own selector, read as labels. */
function lintPeers({ cluster }: Fleet): readonly Finding[] {
  const services = grouped(cluster.services, ({ namespace }) => namespace);
  const found = new Map<string, readonly Service[]>();
  const servicesIn = (selector: Selector): readonly Service[] => {
    const known =
      found.get(selector.key) ??
      [...services].flatMap(([name, all]) => (selector.matches(cluster.namespaces.get(name) ?? new Map()) ? all : []));
    found.set(selector.key, known);
    return known;
  };
  const workloads = grouped(cluster.workloads, ({ namespace }) => namespace);
  return cluster.networkPolicies.flatMap(({ name, namespace, rules }) =>
    (rules.egress ?? [])
      .flatMap(({ peers = [] }) => peers)
      .flatMap((peer) => (peer.is === "addresses" || peer.pods.isEmpty ? [] : [peer]))
      .flatMap(({ namespaces, pods }) =>
        (namespaces === undefined ? (services.get(namespace) ?? []) : servicesIn(namespaces))
          .filter(({ namespace: other, selector }) => {
            const selected = (workloads.get(other) ?? []).filter(({ labels }) =>
              Selector.labels(selector).matches(labels),
            );
            return !pods.matches(selector) && selected.some(({ labels }) => pods.matches(labels));
          })
          .map((service) =>
            eks(
              `NetworkPolicy ${name}: a peer's podSelector is narrower than the selector of Service ${service.name}: the VPC CNI keeps the Service's address shut`,
              namespace,
            ),
          ),
      ),
  );
}

function lintWorkloads({ cluster }: Fleet): readonly Finding[] {
  return cluster.workloads
    .filter(({ namespace }) => isGuarded(namespace))
    .flatMap(({ name, namespace, hostNetwork, source }) => [
      ...(hostNetwork
        ? [eks(`${plainName(name)} shares its node's network: no NetworkPolicy is about it`, namespace)]
        : []),
      ...(source.object.kind === "Pod"
        ? [eks(`${plainName(name)} is a pod of no controller: the VPC CNI enforces nothing for it`, namespace)]
        : []),
    ]);
}

/** Ports of all the rules through which one pod meets one peer: a selector becomes the addresses of the pods that it selects. */
function lintPortCount({ tenants, platform, reachability }: Fleet): readonly Finding[] {
  const subjects = [...tenants.flatMap(({ pods }) => pods), ...platform].filter(
    ({ endpoint }) => !isExternal(endpoint),
  );
  return subjects.flatMap(({ endpoint, group }) =>
    DIRECTIONS.flatMap((direction) => {
      const rules = group.network.isolatedBy[direction].policies.flatMap(({ policy }) => policy.rules[direction] ?? []);
      // The sum over all peers is an upper bound; only where it is too high does it matter who the peers are.
      if (countPorts(rules.map(({ ports }) => ports ?? [])) <= MAX_PORTS_PER_ADDRESS) {
        return [];
      }
      const counts = platform.map((peer) =>
        countPorts(reachability.network.portsTowards(direction, group.network, peer.group.network)),
      );
      const most = Math.max(...counts);
      const tenant = tenantOf(endpoint);
      return most <= MAX_PORTS_PER_ADDRESS
        ? []
        : [
            {
              topic: "eks" as const,
              message: `${direction} of ${tenant === undefined ? endpoint.name : "its pods"}: ${most} ports for one address; the VPC CNI takes ${MAX_PORTS_PER_ADDRESS}`,
              ...(tenant === undefined ? {} : { tenant }),
            },
          ];
    }),
  );
}

function countPorts(ports: readonly (readonly PolicyPort[])[]): number {
  return new Set(ports.flat().map(({ protocol, port }) => `${protocol} ${String(port)}`)).size;
}

function isGuarded(namespace: string): boolean {
  return isTenantNamespace(namespace) || wholeNamespaces().includes(namespace);
}

/** A workload's name without its namespace: the same for every tenant. */
function plainName(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}

function member(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) ? value[key] : undefined;
}

function eks(message: string, namespace = ""): Finding {
  return {
    topic: "eks",
    message: namespace === "" || isTenantNamespace(namespace) ? message : `${namespace}: ${message}`,
    ...(isTenantNamespace(namespace) ? { tenant: namespace.slice(NAMESPACE_PREFIX.length) } : {}),
  };
}

import { TRUST_DOMAIN } from "../../config/kubernetes";
import { compareText } from "../manifests/json";
import { type AddressRange, addressRangeText, partition } from "./addresses";
import { addressBlock, type AuthorizationRule } from "./authorization-policy";
import type { Cluster } from "./cluster";
import type { AllowedPorts } from "./connections";
import { type Endpoint, type External, isExternal } from "./endpoint";
import { grouped } from "../grouped";
import { DIRECTIONS } from "./network-policy";
import { type Group, Reachability } from "./reachability";
import type { ReadWorkload } from "./workload";

/** What one endpoint may send to another. */
export interface Pair {
  readonly from: string;
  readonly to: string;
  readonly allowed: readonly AllowedPorts[];
  /** Policies that decided; none where no policy selects either end: Kubernetes then allows everything. */
  readonly decidedBy: readonly string[];
}

/**
 * Every ordered pair of different workloads, and of a workload and a range of addresses outside of the cluster, sorted by
 * name. Pods of one controller are one workload; ranges are the pieces of the IPv4 space between all ends of the policies'
 * blocks.
 *
 * @param options.allowedOnly - leaves out pairs without an allowed connection
 */
export function connectivity(cluster: Cluster, options: { readonly allowedOnly: boolean }): readonly Pair[] {
  const endpoints: readonly Endpoint[] = [...oneAController(cluster.workloads), ...externals(cluster)];
  const reachability = new Reachability(cluster, endpoints, TRUST_DOMAIN);
  const placed = reachability.groups
    .flatMap((group) => group.members.map((endpoint) => ({ endpoint, group })))
    .sort((left, right) => compareText(left.endpoint.name, right.endpoint.name));
  const judge = remembered(reachability);
  return placed.flatMap((from) =>
    placed.flatMap((to): Pair[] => {
      if (from === to || (isExternal(from.endpoint) && isExternal(to.endpoint))) {
        return [];
      }
      const { allowed, decidedBy } = judge(from.group, to.group);
      return options.allowedOnly && allowed.length === 0
        ? []
        : [{ from: from.endpoint.name, to: to.endpoint.name, allowed, decidedBy }];
    }),
  );
}

function remembered(reachability: Reachability): (from: Group, to: Group) => Pick<Pair, "allowed" | "decidedBy"> {
  const judged = new Map<string, Pick<Pair, "allowed" | "decidedBy">>();
  return (from, to) => {
    const key = `${from.number} ${to.number}`;
    const known = judged.get(key) ?? {
      allowed: reachability.allowed(from, to).toJSON(),
      decidedBy: reachability.deciding(from, to),
    };
    judged.set(key, known);
    return known;
  };
}

/**
 * Workloads without those that another of them made. Pods whose controller is not among the objects stand for it, as one if
 * they are alike in all that policies ask, each for itself if not.
 */
function oneAController(workloads: readonly ReadWorkload[]): readonly ReadWorkload[] {
  const names = new Set(workloads.map(({ name }) => name));
  const orphans = workloads.filter(({ owner }) => owner !== undefined && !names.has(owner));
  const isAlike = (left: ReadWorkload, right: ReadWorkload) => alikeKey(left) === alikeKey(right);
  return [
    ...workloads.filter(({ owner }) => owner === undefined),
    ...[...grouped(orphans, ({ owner = "" }) => owner)].flatMap(([owner, pods]) => {
      const [first] = pods;
      const isOne = first !== undefined && pods.every((pod) => isAlike(pod, first));
      return isOne ? [{ ...first, name: owner, addresses: pods.flatMap(({ addresses }) => addresses) }] : pods;
    }),
  ];
}

/** Labels that a controller gives each of its pods a value of its own for. */
const POD_LABELS: ReadonlySet<string> = new Set([
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
  "batch.kubernetes.io/job-completion-index",
]);

function alikeKey({ labels, ports, hostNetwork, serviceAccount, proxy, uncaptured }: ReadWorkload): string {
  const common = [...labels].filter(([key]) => !POD_LABELS.has(key)).sort();
  return JSON.stringify([common, ports, hostNetwork, serviceAccount, proxy, uncaptured]);
}

/** The IPv4 space in pieces that lie wholly inside or outside of every block that a policy names. */
export function externals(cluster: Pick<Cluster, "networkPolicies" | "authorizationPolicies">): readonly External[] {
  const ranges = [
    ...cluster.networkPolicies.flatMap(({ rules }) =>
      DIRECTIONS.flatMap((direction) => rules[direction] ?? [])
        .flatMap(({ peers = [] }) => peers)
        .flatMap((peer) => (peer.is === "addresses" ? [peer.block.within, ...peer.block.except] : [])),
    ),
    ...cluster.authorizationPolicies.flatMap(({ rules }) => rules.flatMap(ruleRanges)),
  ];
  return partition(ranges).map((range) => ({ name: addressRangeText(range), range }));
}

function ruleRanges({ from = [], when }: AuthorizationRule): readonly AddressRange[] {
  return [...from.flat(), ...when]
    .filter(({ attribute }) => attribute === "address")
    .flatMap(({ values }) => values)
    .flatMap((value) => {
      const block = addressBlock(value);
      return typeof block === "object" ? [block.within] : [];
    });
}

import type { Connections } from "./connections";
import type { Layer } from "./expectation";
import type { Expected } from "./expected";
import type { Finding } from "./findings";
import type { Placed } from "./fleet";
import { grouped } from "../grouped";
import { tenantOf } from "./party";
import type { Reachability } from "./reachability";

/** A difference between what a layer lets through and what it should. */
export interface Difference {
  readonly layer: Layer;
  readonly from: Placed;
  readonly to: Placed;
  /** What it lets through besides. */
  readonly beyond: Connections;
  /** What it keeps out of what it should let through. */
  readonly lacking: Connections;
}

/** Names that a message lists at most. */
const MAX_NAMES = 3;

/** `a, b, c and 4 more`. */
export function someOf(names: Iterable<string>): string {
  const all = [...new Set(names)];
  const more = all.length > MAX_NAMES ? ` and ${all.length - MAX_NAMES} more` : "";
  return `${all.slice(0, MAX_NAMES).join(", ")}${more}`;
}

interface Told {
  readonly tenant?: string;
  readonly start: string;
  readonly peer: string;
  readonly policies: string;
}

/** Differences of one layer of one pod are told together: a policy that is lost makes one for each of its peers. */
export function differenceFindings(
  differences: readonly Difference[],
  reachability: Reachability,
  expected: Expected,
): readonly Finding[] {
  const told = differences.flatMap((difference) => tell(difference, reachability, expected));
  return [...grouped(told, ({ tenant = "", start }) => `${tenant} ${start}`).values()].flatMap((same): Finding[] => {
    const [first] = same;
    if (first === undefined) {
      return [];
    }
    const policies = first.policies === "" ? "" : ` (by ${first.policies})`;
    const message = `${first.start}${someOf(same.map(({ peer }) => peer))}${policies}`;
    return [{ topic: "expectation", message, ...(first.tenant === undefined ? {} : { tenant: first.tenant }) }];
  });
}

function tell(
  { layer, from, to, beyond, lacking }: Difference,
  reachability: Reachability,
  expected: Expected,
): readonly Told[] {
  const isEgress = layer === "NetworkPolicy egress";
  const [owner, peer] = isEgress ? [from, to] : [to, from];
  const tenant = tenantOf(from.endpoint) ?? tenantOf(to.endpoint);
  const told = (verb: string, connections: Connections): readonly Told[] =>
    connections.isEmpty
      ? []
      : [
          {
            ...(tenant === undefined ? {} : { tenant }),
            start: `${layer} of ${expected.name(owner)} ${verb} ${connections.toString()} ${isEgress ? "to" : "from"} `,
            peer: expected.name(peer),
            policies: policyNames(reachability.deciding(from.group, to.group), layer),
          },
        ];
  return [
    ...told("lets through, beyond what is expected,", beyond),
    ...told("keeps out, against what is expected,", lacking),
  ];
}

/** Names of the policies that decided at a layer, without namespaces: they are alike for all tenants. */
function policyNames(deciding: readonly string[], layer: Layer): string {
  const [kind = ""] = layer.split(" ");
  const prefix = `${layer === "NetworkPolicy egress" ? "egress" : "ingress"}: ${kind} `;
  const names = deciding
    .filter((title) => title.startsWith(prefix))
    .map((title) => title.slice(title.lastIndexOf("/") + 1));
  return [...new Set(names)].join(", ");
}

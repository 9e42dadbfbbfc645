import { LABELS, SYSTEM_POOL } from "../../config";

/** Where the platform's controllers run: on the system node group, whose taint keeps tenants' pods away. */
export const SYSTEM_PLACEMENT = {
  nodeSelector: { [LABELS.nodePool]: SYSTEM_POOL.name },
  tolerations: [{ key: SYSTEM_POOL.taint.key, operator: "Exists", effect: "NoSchedule" }],
} as const;

const ZONE = "topology.kubernetes.io/zone";
const HOST = "kubernetes.io/hostname";

export interface SpreadOptions {
  /** How hard the spread over zones is kept. @default "ScheduleAnyway" */
  readonly zones?: "DoNotSchedule" | "ScheduleAnyway";
}

/**
 * Topology spread constraints for the pods that bear the labels: over zones, and over hosts as a wish. Each ReplicaSet is
 * spread by itself, so that the pods of an old one do not stand in the way of a rollout.
 */
export function spread(matchLabels: Readonly<Record<string, string>>, options: SpreadOptions = {}) {
  const constraint = (topologyKey: string, whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway") => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable,
    labelSelector: { matchLabels },
    matchLabelKeys: ["pod-template-hash"],
  });
  return [constraint(ZONE, options.zones ?? "ScheduleAnyway"), constraint(HOST, "ScheduleAnyway")];
}

import { CANARY_ANALYSIS, type ContainerResources, type Quota, type Replicas, TENANT_SERVICES } from "../config";
import type { Tenant } from "./tenant";

/** What a tenant's pods need of its quota at their most: every service at its largest, and one pod more. */
export interface PeakDemand {
  readonly quota: Quota;
  /** How the number of pods comes about, for messages. */
  readonly explanation: string;
}

/** Pods that a rollout adds at a time; Deployments surge by one, and releases go out service by service. */
const SURGE_PODS = 1;

/** Replicas of a second release beside each service. */
export const CANARY_REPLICAS = 1;

/**
 * Replicas of the new release while Flagger analyses it. Where an autoscaler sets them, as many at most as the largest
 * share of the requests takes; else Flagger starts as many as the service has (flagger 1.44, ScaleFromZero).
 */
export function analysedReplicas({ min, max }: Replicas): Replicas {
  return max > min ? { min: 1, max: Math.ceil((max * CANARY_ANALYSIS.maxWeight) / 100) } : { min, max };
}

/** Pods of second releases: they run for as long as the row has them. */
export function canaryPods({ canary }: Pick<Tenant, "canary">): number {
  return (canary?.services.length ?? 0) * CANARY_REPLICAS;
}

/** Demand of all services at `replicas.max`, their canaries and one surge pod, sidecars included. */
export function peakDemand(tenant: Pick<Tenant, "tier" | "replicas" | "canary" | "flagger">): PeakDemand {
  const services = TENANT_SERVICES.length;
  const canaries = canaryPods(tenant) + tenant.flagger.length * analysedReplicas(tenant.replicas).max;
  const pods = services * tenant.replicas.max + canaries + SURGE_PODS;
  const perPod = (figure: keyof ContainerResources): number =>
    tenant.tier.container[figure] + tenant.tier.sidecar[figure];
  return {
    quota: {
      requestsCpu: (pods * perPod("requestsCpuMilli")) / 1_000,
      requestsMemoryGi: (pods * perPod("requestsMemoryMi")) / 1_024,
      limitsCpu: (pods * perPod("limitsCpuMilli")) / 1_000,
      limitsMemoryGi: (pods * perPod("limitsMemoryMi")) / 1_024,
      pods,
    },
    explanation:
      `${services} services × ${tenant.replicas.max} replicas` +
      (canaries > 0 ? ` + ${canaries} canary pods` : "") +
      ` + ${SURGE_PODS} surge pod, sidecars included`,
  };
}

/** Figures of a quota, in the order in which messages name them. */
export const QUOTA_FIGURES = ["requestsCpu", "requestsMemoryGi", "limitsCpu", "limitsMemoryGi", "pods"] as const;

/** Unit of each figure, for messages. */
export const QUOTA_UNITS: Readonly<Record<keyof Quota, string>> = {
  requestsCpu: "cores",
  requestsMemoryGi: "GiB",
  limitsCpu: "cores",
  limitsMemoryGi: "GiB",
  pods: "pods",
};

/** Figures of the quota that cannot hold the tenant's own pods. */
export function shortfalls(tenant: Tenant): readonly (keyof Quota)[] {
  const demand = peakDemand(tenant).quota;
  return QUOTA_FIGURES.filter((figure) => demand[figure] > tenant.quota[figure]);
}

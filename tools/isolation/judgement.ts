import { lintEks } from "./eks";
import { type Finding } from "./findings";
import type { Fleet } from "./fleet";
import { checkLabels } from "./namespace-labels";
import { judgePlatform, type PlatformFlows } from "./platform-flows";
import { checkStructure } from "./structure";
import { readAccess } from "./tenant-access";
import { judgeTenantPairs, type TenantPairs } from "./tenant-pairs";

/** All that is found out about a fleet. */
export interface Judgement {
  /** Ids of the tenants that the output holds, sorted. */
  readonly tenants: readonly string[];
  readonly pairs: TenantPairs;
  readonly platform: PlatformFlows;
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/**
 * Judges who reaches whom.
 *
 * @param step - told what is being done
 */
export function judgeFleet(fleet: Fleet, step: (message: string) => void = () => undefined): Judgement {
  const tenants = fleet.tenants.map(({ id }) => id);
  const access = readAccess(fleet.terraform, tenants);
  step(`judging ${tenants.length * (tenants.length - 1)} pairs of tenants`);
  const pairs = judgeTenantPairs(fleet, access);
  step("judging the platform's flows");
  const platform = judgePlatform(fleet);
  const eks = lintEks(fleet);
  return {
    tenants,
    pairs,
    platform,
    findings: [
      ...pairs.findings,
      ...platform.findings,
      ...checkStructure(fleet),
      ...access.flatMap((tenant) => [...tenant.findings, ...checkLabels(fleet.cluster.namespaces, tenant)]),
      ...eks.findings,
    ],
    notes: [...fleet.cluster.warnings, ...eks.notes],
  };
}

import type { NetworkPlan } from "../../config";
import { conflicts } from "./cidr";

/** One availability zone's share of the network. */
export interface Zone {
  readonly name: string;
  readonly publicCidr: string;
  readonly privateCidr: string;
  readonly databaseCidr: string;
}

/**
 * The plan, zone by zone, in the order of its public subnets.
 *
 * @throws Error naming every fault: subnets that overlap or leave the VPC, zones that repeat or lack a subnet
 */
export function zonesOf(plan: NetworkPlan): readonly Zone[] {
  const roles = { public: plan.publicSubnets, private: plan.privateSubnets, database: plan.databaseSubnets };
  const names = [
    ...new Set(Object.values(roles).flatMap((subnets) => subnets.map((subnet) => subnet.availabilityZone))),
  ];
  const faults = conflicts(
    plan.cidr,
    Object.values(roles).flatMap((subnets) => subnets.map((subnet) => subnet.cidr)),
  );

  const cidrOf = (role: keyof typeof roles, zone: string): string => {
    const [subnet, ...others] = roles[role].filter((candidate) => candidate.availabilityZone === zone);
    if (subnet === undefined || others.length > 0) {
      faults.push(`${zone}: ${subnet === undefined ? "no" : "more than one"} ${role} subnet`);
    }
    return subnet?.cidr ?? "";
  };
  const zones = names.map((name) => ({
    name,
    publicCidr: cidrOf("public", name),
    privateCidr: cidrOf("private", name),
    databaseCidr: cidrOf("database", name),
  }));
  if (faults.length > 0) {
    throw new Error(`network plan: ${faults.join("; ")}`);
  }
  return zones;
}

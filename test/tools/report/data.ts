import { ENVIRONMENTS } from "../../../config";
import type { TenantRow } from "../../../tenancy";
import { briefComparison, costReport } from "../../../tools/cost/report";
import { parseFleet } from "../../../tools/limits/fleet-file";
import { headroom } from "../../../tools/limits/headroom";
import type { IsolationMatrix } from "../../../tools/report/isolation-matrix";
import type { ReportData } from "../../../tools/report/page";
import { tenantsJson } from "../../support/fleet";

export const LAYERS = ["NetworkPolicy egress", "NetworkPolicy ingress", "AuthorizationPolicy DENY"] as const;
const ALL = 0b111;

/** A matrix in which every layer stops every pair, but for those that are named `<row> <column>`. */
export function matrixOf(tenants: readonly string[], weak: Readonly<Record<string, number>> = {}): IsolationMatrix {
  const stoppedBy = new Uint8Array(tenants.length ** 2).fill(ALL);
  tenants.forEach((_, index) => {
    stoppedBy[index * tenants.length + index] = 0;
  });
  for (const [pair, bits] of Object.entries(weak)) {
    const [from = "", to = ""] = pair.split(" ");
    stoppedBy[tenants.indexOf(from) * tenants.length + tenants.indexOf(to)] = bits;
  }
  return { tenants, layers: LAYERS, stoppedBy };
}

/** What the page tells of these tenants, isolated but for some pairs, on a few made-up stacks. */
export function reportData(rows: readonly TenantRow[], weak: Readonly<Record<string, number>> = {}): ReportData {
  const environment = ENVIRONMENTS.production;
  const file = parseFleet(tenantsJson(rows), environment, "tenants.json");
  return {
    environment,
    tenants: file.tenants,
    cost: costReport(environment, file.tenants),
    brief: briefComparison(environment, file.tenants),
    limits: headroom(environment, file),
    isolation: matrixOf(
      file.tenants.map(({ id }) => id),
      weak,
    ),
    stacks: [
      { name: "vpc", resources: 60, dependencies: [] },
      { name: "eks", resources: 55, dependencies: ["vpc"] },
      { name: "mesh", resources: 50, dependencies: ["eks", "vpc"] },
      { name: "tenants-00", resources: 1_000, dependencies: ["eks", "mesh"] },
      { name: "tenants-01", resources: 900, dependencies: ["eks", "mesh"] },
    ],
  };
}

import { Command } from "commander";

import { nearest } from "../../tenancy/nearest";
import { type Result, UsageError, withAction } from "../cli/command";
import { findingLines } from "../cli/finding";
import { textAt } from "../cli/git";
import { type TenantsInput, tenantsInput, type TenantsOptions, withBase, withTenants } from "../cli/options";
import type { Terminal } from "../cli/terminal";
import { parseFleet, readFleet } from "../limits/fleet-file";
import { rounded } from "../limits/rounding";
import type { TenantCost } from "./allocation";
import { briefComparison, type CostDifference, costDifference, costReport } from "./report";
import { costText, differenceText, heading, lossFindings, tenantText } from "./text";

interface Options extends TenantsOptions {
  readonly tenant?: string;
  readonly base?: string;
}

/** `taskflow cost`: what the fleet, a tier, a tenant or a change costs a month. */
export function costCommand(terminal: Terminal): Command {
  const command = withTenants(
    withBase(
      new Command("cost").description(
        "Estimates the month: platform line by line, tiers, tenants and their margin, the brief's table beside ours",
      ),
      "only what the change since this commit costs",
    ),
  ).option("--tenant <id>", "only this tenant's part");
  return withAction<Options>(command, terminal, (_, options) => cost(tenantsInput(options), options, terminal));
}

/**
 * What one tenant costs among all others.
 *
 * @throws UsageError if the file has no such tenant
 */
export function tenantCost(input: TenantsInput, id: string): TenantCost {
  const { tenants } = costReport(input.environment, readFleet(input).tenants);
  const found = tenants.find((tenant) => tenant.id === id);
  if (found === undefined) {
    const suggestion = nearest(
      id,
      tenants.map((tenant) => tenant.id),
    );
    throw new UsageError(
      `--tenant ${id}: ${input.file} has no such tenant${suggestion === undefined ? "" : `; did you mean ${suggestion}?`}`,
    );
  }
  return found;
}

/**
 * What the change of the tenants file since a commit costs.
 *
 * @throws UsageError if the commit does not exist or has no such file
 */
export function costSince(input: TenantsInput, ref: string): CostDifference {
  const { environment, path, file } = input;
  const base = parseFleet(textAt(ref, path), environment, `${ref}:${file}`);
  return costDifference(costReport(environment, base.tenants), costReport(environment, readFleet(input).tenants));
}

function cost(input: TenantsInput, { tenant, base }: Options, terminal: Terminal): Result {
  if (tenant !== undefined && base !== undefined) {
    throw new UsageError("--tenant and --base: allowed: one of them");
  }
  if (tenant !== undefined) {
    const data = tenantCost(input, tenant);
    return { data: rounded(data), text: tenantText(data), findings: false };
  }
  if (base !== undefined) {
    const data = costSince(input, base);
    return { data: rounded(data), text: differenceText(terminal, base, data), findings: false };
  }
  const { tenants, positionOf } = readFleet(input);
  const report = costReport(input.environment, tenants);
  const brief = briefComparison(input.environment, tenants);
  const warnings = lossFindings(input.file, report, positionOf);
  return {
    data: rounded({ warnings, ...report, brief }),
    text: `${heading(terminal, input.environment, report)}\n${costText(terminal, report, brief)}${findingLines(warnings)}`,
    findings: false,
  };
}

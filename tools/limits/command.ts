import { Command } from "commander";

import { type Result, withAction } from "../cli/command";
import { type TenantsInput, tenantsInput, type TenantsOptions, withTenants } from "../cli/options";
import type { Terminal } from "../cli/terminal";
import { byBinding } from "./headroom";
import { limitsReport } from "./report";
import { rounded } from "./rounding";
import { limitFindings, limitsText } from "./text";

/** `taskflow limits`: where the fleet stands against every ceiling, and which it meets first. */
export function limitsCommand(terminal: Terminal): Command {
  const command = withTenants(
    new Command("limits").description(
      "Holds the fleet against the ceilings of AWS, Kubernetes, Istio, PostgreSQL and its own nodes: a warning at 80 %, a finding at 100 %",
    ),
  );
  return withAction<TenantsOptions>(command, terminal, (_, options) => report(tenantsInput(options), terminal));
}

function report(input: TenantsInput, terminal: Terminal): Result {
  const { limits, tiers } = limitsReport(input);
  const findings = limitFindings(input.file, limits, "finding");
  return {
    data: rounded({
      findings,
      warnings: limitFindings(input.file, limits, "warning"),
      firstToBind: byBinding(limits).map(({ id, bindsAt }) => ({ id, tenants: bindsAt })),
      limits,
      oversubscription: tiers,
    }),
    text: limitsText(terminal, input.file, { limits, tiers }),
    findings: findings.length > 0,
  };
}

import { existsSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

import { Command } from "commander";

import { InputError } from "../../config";
import { type Tenant, tenantsIn } from "../../tenancy";
import { type ActionContext, type Result, UsageError, withAction } from "../cli/command";
import { type TenantsInput, tenantsInput, type TenantsOptions, withTenants } from "../cli/options";
import type { Terminal } from "../cli/terminal";
import { briefComparison, costReport } from "../cost/report";
import { readFleet } from "../limits/fleet-file";
import { headroom } from "../limits/headroom";
import { pairsByLayers } from "./isolation-matrix";
import { judgeIsolation } from "./judge-isolation";
import { page } from "./page";
import { summarizeStacks } from "./stack-summary";

interface Options extends TenantsOptions {
  readonly out?: string;
  readonly html?: string;
}

/** `taskflow report`: one page on fleet, cost, headroom, isolation and stacks, to be opened in any browser. */
export function reportCommand(terminal: Terminal): Command {
  const command = withTenants(
    new Command("report").description(
      "Writes one self-contained HTML page: fleet, cost, headroom, the isolation matrix and the stacks",
    ),
  )
    .option("--out <folder>", "synthesized output (default: CDKTF_OUTDIR, or cdktf.out)")
    .option("--html <file>", "the page (default: report.html in the output folder)");
  return withAction<Options>(command, terminal, (_, options, context) =>
    report(tenantsInput(options), options, context),
  );
}

function report(input: TenantsInput, { out, html }: Options, { progress }: ActionContext): Result {
  const outDir = resolve(out ?? process.env["CDKTF_OUTDIR"] ?? "cdktf.out");
  if (!existsSync(join(outDir, "manifest.json"))) {
    throw new UsageError(`--out ${relative(process.cwd(), outDir)}: no synthesized app; run npm run synth`);
  }
  const file = readFleet(input);
  const { environment } = input;
  const isolation = judgeIsolation(outDir, (message) => {
    progress.step(message);
  });
  checkSameTenants(isolation.tenants, file.tenants, input, relative(process.cwd(), outDir));
  progress.step("writing the page");
  const stacks = summarizeStacks(outDir);
  const text = page({
    environment,
    tenants: file.tenants,
    cost: costReport(environment, file.tenants),
    brief: briefComparison(environment, file.tenants),
    limits: headroom(environment, file),
    isolation,
    stacks,
  });
  const path = resolve(html ?? join(outDir, "report.html"));
  writeFileSync(path, text);
  const shown = relative(process.cwd(), path);
  const bytes = Buffer.byteLength(text);
  return {
    data: {
      html: shown,
      bytes,
      tenants: file.tenants.length,
      stacks: stacks.length,
      pairsByLayers: pairsByLayers(isolation),
    },
    text: `${shown}: ${file.tenants.length} tenants, ${stacks.length} stacks, ${Math.ceil(bytes / 1_024)} KiB\n`,
    findings: false,
  };
}

/** A page on one fleet's cost and another's isolation would be believed. */
function checkSameTenants(
  synthesized: readonly string[],
  tenants: readonly Tenant[],
  { file, environment }: TenantsInput,
  outDir: string,
): void {
  const expected = tenantsIn(environment, tenants)
    .filter(({ tenant }) => tenant.state === "active")
    .map(({ tenant }) => tenant.id);
  const missing = expected.filter((id) => !synthesized.includes(id));
  const known = new Set(tenants.map(({ id }) => id));
  const foreign = synthesized.filter((id) => !known.has(id));
  if (missing.length > 0 || foreign.length > 0) {
    const parts = [
      ...(missing.length > 0 ? [`lacks ${missing.join(", ")}`] : []),
      ...(foreign.length > 0 ? [`has ${foreign.join(", ")} besides`] : []),
    ];
    throw new InputError(`${outDir} was not synthesized from ${file}: it ${parts.join("; ")}; run npm run synth`);
  }
}

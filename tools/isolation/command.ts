import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

import { Command } from "commander";

import { InputError } from "../../config/input-error";
import { type ActionContext, type Result, UsageError, withAction } from "../cli/command";
import { tenantsInput } from "../cli/options";
import type { Terminal } from "../cli/terminal";
import { ManifestsError, NoSecondRegionError } from "../manifests/output";
import { readCluster } from "./cluster";
import { connectivity } from "./connectivity";
import { reportFindings, TenantRows } from "./findings";
import { readFleet } from "./fleet";
import { judgeFleet } from "./judgement";
import { readFolder } from "./reader";
import { connectivityText, fleetData, fleetText } from "./report";
import { Problems } from "./source";

interface Options {
  readonly out: string;
  readonly tenants?: string;
  readonly secondary?: true;
  readonly pairs?: true;
  readonly manifests?: string;
  readonly allowedOnly?: true;
}

const HELP = `
From the synthesized output: every ordered pair of tenants, and each tenant with the platform. Which
layers stop it, what is open, and what departs from tools/isolation/expectations.ts.

With --manifests: every ordered pair of workloads, "namespace/name[Kind]", and of a workload and
addresses outside of the cluster, "10.0.0.0-10.255.255.255", as Kubernetes and Istio define it.
  - Pods of one controller are one workload, named after it; no workload is paired with itself.
  - Addresses are the pieces of the IPv4 space between the ends of all ipBlocks and excepts.
  - A pod's own address is known by status.podIP; an ipBlock matches no pod without one.
  - Pods on their node's network are outside of NetworkPolicies and match no selector.
  - What is not decided by the manifests counts as allowed: a request's path, a CUSTOM authorizer.
`;

/** `taskflow isolation`. */
export function isolationCommand(terminal: Terminal): Command {
  const command = new Command("isolation")
    .description("Who can reach whom, and which layers stop it")
    .option("--out <folder>", "where the synthesized output is", process.env["CDKTF_OUTDIR"] ?? "cdktf.out")
    .option(
      "--tenants <file>",
      "whose rows findings name (default: TASKFLOW_TENANTS, or the repository's tenants.json)",
    )
    .option("--secondary", "judge the second region's cluster instead of the primary's")
    .option("--pairs", "with --json: list every pair of tenants")
    .option("--manifests <folder>", "judge the Kubernetes YAML and JSON below a folder instead")
    .option("--allowed-only", "with --manifests: leave out pairs without an allowed connection")
    .addHelpText("after", HELP);
  return withAction<Options>(command, terminal, (_, options, context) =>
    options.manifests === undefined
      ? judgeOutput(options, context)
      : judgeManifests(options.manifests, options, context),
  );
}

function judgeOutput({ out, secondary, pairs, allowedOnly, ...options }: Options, context: ActionContext): Result {
  const { path: tenants, file } = tenantsInput(options);
  if (allowedOnly) {
    throw new UsageError("--allowed-only goes with --manifests");
  }
  if (!existsSync(join(out, "manifest.json"))) {
    throw new UsageError(`${out} holds no synthesized app: run "npm run synth" first, or name the folder with --out`);
  }
  if (!existsSync(tenants)) {
    throw new UsageError(`${file} does not exist: name the file with --tenants`);
  }
  const step = (message: string) => {
    context.progress.step(message);
  };
  step(`reading ${out}`);
  try {
    const judgement = judgeFleet(readFleet(out, secondary ? "secondary" : "primary"), step);
    const findings = reportFindings(judgement.findings, TenantRows.read(tenants));
    return {
      data: fleetData(judgement, findings, pairs ?? false),
      text: fleetText(judgement, findings, out, context.terminal),
      findings: findings.length > 0,
    };
  } catch (error) {
    if (error instanceof NoSecondRegionError) {
      throw new UsageError(error.message);
    }
    throw error instanceof ManifestsError ? new InputError(error.message) : error;
  }
}

function judgeManifests(folder: string, { secondary, pairs, allowedOnly }: Options, context: ActionContext): Result {
  if (pairs) {
    throw new UsageError("--pairs goes without --manifests, which lists every pair");
  }
  if (secondary) {
    throw new UsageError("--secondary goes without --manifests, which are of one cluster");
  }
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`--manifests ${folder}: no such folder`);
  }
  const problems = new Problems();
  const cluster = readCluster(readFolder(folder, problems), problems);
  if (problems.messages.length > 0) {
    throw new InputError(problems.messages.join("\n"));
  }
  const found = connectivity(cluster, { allowedOnly: allowedOnly ?? false });
  for (const warning of cluster.warnings) {
    context.terminal.error(`${warning}\n`);
  }
  return { data: found, text: connectivityText(found, context.terminal), findings: false };
}

import { existsSync, readFileSync } from "node:fs";

import { Command, InvalidArgumentError } from "commander";

import { check, type CheckReport, type FleetCount } from "../../tenancy/check";
import { textAt } from "../cli/git";
import { type Result, UsageError, withAction } from "../cli/command";
import { findingLines } from "../cli/finding";
import { type TenantsInput, tenantsInput, type TenantsOptions, withBase, withTenants } from "../cli/options";
import { plural } from "../cli/table";
import { styled, type Terminal } from "../cli/terminal";

interface Options extends TenantsOptions {
  readonly base?: string;
  readonly today?: string;
  readonly moved?: readonly string[];
}

/** `taskflow check`: is tenants.json right, by itself and as a change? Nothing is synthesized. */
export function checkCommand(terminal: Terminal): Command {
  const command = withTenants(
    withBase(
      new Command("check").description("Validates tenants.json without a synth: under a second, every problem at once"),
      "also judge the change since this commit: rows, ids, shards, states, retention",
    ),
  )
    .option("--today <date>", "day by which a retention has passed (default: the clock's, UTC)", day)
    .option("--moved <id...>", "tenants whose Terraform states have been moved to their new shard");
  return withAction<Options>(command, terminal, (_, options) => {
    const report = checkFile(tenantsInput(options), options);
    return { data: report, text: reportText(report, options.base, terminal), findings: report.findings.length > 0 };
  });
}

/**
 * Judges the file that a command line names.
 *
 * @throws UsageError if the file or the base does not exist
 */
export function checkFile(
  { path, file, environment }: TenantsInput,
  { base: ref, today = clockDay(), moved = [] }: Pick<Options, "base" | "today" | "moved">,
): CheckReport {
  if (!existsSync(path)) {
    throw new UsageError(`--tenants ${file}: no such file`);
  }
  const text = readFileSync(path, "utf8");
  if (ref === undefined) {
    return check({ text, file, environment });
  }
  return check({ text, file, environment, base: { text: textAt(ref, path), file: `${ref}:${file}`, today, moved } });
}

/** The clock's day in UTC. */
export function clockDay(): string {
  return new Date().toISOString().slice(0, "2027-03-31".length);
}

/** A day like 2027-03-31, for commander. */
export function day(text: string): string {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (date === undefined || Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text)) {
    throw new InvalidArgumentError("allowed: a date like 2027-03-31");
  }
  return text;
}

function reportText(
  { findings, fleet, rows }: CheckReport,
  base: string | undefined,
  terminal: Terminal,
): Result["text"] {
  const verdict =
    findings.length === 0
      ? styled(terminal, "green", "no findings")
      : styled(terminal, "red", plural(findings.length, "finding"));
  return [
    findingLines(findings),
    fleet === undefined ? "" : `${fleetText(fleet)}\n`,
    rows === undefined
      ? ""
      : `since ${base}: ${rows.added.length} added, ${rows.changed.length} changed, ${rows.removed.length} removed\n`,
    `${verdict}\n`,
  ].join("");
}

function fleetText({ tenants, tiers, states }: FleetCount): string {
  const part = ([name, count]: readonly [string, number]): string => `${count} ${name}`;
  const parts = [Object.entries(tiers), Object.entries(states)].map((counts) => counts.map(part).join(", "));
  return `${plural(tenants, "tenant")}${tenants === 0 ? "" : `: ${parts.join("; ")}`}`;
}

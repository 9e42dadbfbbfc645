import { Command } from "commander";

import { clockDay, day } from "../check/command";
import { UsageError, withAction } from "../cli/command";
import { tenantsInput, type TenantsOptions, withBase, withTenants } from "../cli/options";
import type { Terminal } from "../cli/terminal";
import { reviewMarkdown } from "./page";
import { review } from "./review";

interface Options extends TenantsOptions {
  readonly base?: string;
  readonly out?: string;
  readonly against?: string;
  readonly today?: string;
  readonly moved?: readonly string[];
}

/** `taskflow review`: one page of Markdown about a change, for the pull request. */
export function reviewCommand(terminal: Terminal): Command {
  const command = withTenants(
    withBase(
      new Command("review").description(
        "One page about a change: tenants, resources, destroys, isolation, cost, next limit",
      ),
      "the commit to compare with",
    ),
  )
    .option("--out <folder>", "a synth of the working tree (default: synthesizes it)")
    .option("--against <folder>", "a synth of the base (default: the cached one, or synthesizes it)")
    .option("--today <date>", "day by which a retention has passed (default: the clock's, UTC)", day)
    .option("--moved <id...>", "tenants whose Terraform states have been moved to their new shard");
  return withAction<Options>(command, terminal, async (_, options, { progress }) => {
    const { base, out, against, today = clockDay(), moved = [] } = options;
    if (base === undefined) {
      throw new UsageError("give --base <ref>");
    }
    progress.step("synthesizing");
    const sections = await review({
      ...tenantsInput(options),
      base,
      today,
      moved,
      ...(out === undefined ? {} : { out }),
      ...(against === undefined ? {} : { against }),
    });
    const findings = sections.some((section) => section.findings.length > 0);
    return { data: { sections }, text: reviewMarkdown(sections), findings };
  });
}

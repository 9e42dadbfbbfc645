import { Command, Option } from "commander";

import { type Result, withAction } from "../cli/command";
import { tenantsInput, type TenantsOptions, withBase, withTenants } from "../cli/options";
import type { Terminal } from "../cli/terminal";
import { changed } from "./changed";
import { reportMarkdown } from "./markdown";
import type { ChangedReport } from "./report";
import { reportText } from "./text";

const FORMATS = ["text", "json", "markdown", "matrix"] as const;

interface Options extends TenantsOptions {
  readonly base?: string;
  readonly against?: string;
  readonly out?: string;
  readonly format: (typeof FORMATS)[number];
}

/** `taskflow changed`: which stacks, tenants and resources a change touches, from two synths. */
export function changedCommand(terminal: Terminal): Command {
  const command = withTenants(
    withBase(
      new Command("changed").description(
        "Synthesizes both sides of a change: stacks, tenants and resources that differ",
      ),
      "the commit to compare with; its synth is kept in the user's cache folder",
    ),
  )
    .option("--against <folder>", "an earlier synth to compare with, instead of one at --base")
    .option("--out <folder>", "a synth of the working tree (default: synthesizes it)")
    .addOption(new Option("--format <format>", "how to print it").choices(FORMATS).default("text"));
  return withAction<Options>(command, terminal, async (_, { format, ...options }, { progress }) => {
    progress.step("synthesizing");
    const { base, against, out } = options;
    const report = await changed({
      ...tenantsInput(options),
      ...(base === undefined ? {} : { base }),
      ...(against === undefined ? {} : { against }),
      ...(out === undefined ? {} : { out }),
    });
    return { data: report, text: formatted(report, format, terminal), findings: report.findings.length > 0 };
  });
}

function formatted(report: ChangedReport, format: Options["format"], terminal: Terminal): Result["text"] {
  switch (format) {
    case "text":
      return reportText(report, terminal);
    case "json":
      return `${JSON.stringify(report, null, 2)}\n`;
    case "markdown":
      return reportMarkdown(report);
    case "matrix":
      // One line, as a job's output in GitHub Actions must be.
      return `${JSON.stringify({ include: report.plan })}\n`;
  }
}

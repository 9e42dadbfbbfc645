import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import { type Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { Command } from "commander";

import { type Result, UsageError, withAction } from "../cli/command";
import { findingLines } from "../cli/finding";
import { ROOT } from "../cli/options";
import { table } from "../cli/table";
import type { Terminal } from "../cli/terminal";
import { ManifestsError } from "../manifests/output";
import { dashboardsPage } from "./page";
import { queriesOf } from "./query";
import { readDashboards, type SynthesizedDashboard } from "./read";

interface Options {
  readonly out: string;
  readonly page: string;
  readonly check?: true;
}

/** `taskflow dashboards`: writes the page of all panels from what a synth made, or says that it is out of date. */
export function dashboardsCommand(terminal: Terminal): Command {
  const command = new Command("dashboards")
    .description("Writes docs/dashboards.md, a table of every panel and its query, from the synthesized dashboards")
    .option("--out <folder>", "where a synth wrote its output", "cdktf.out")
    .option("--page <file>", "the page", join(relative(process.cwd(), ROOT), "docs/dashboards.md"))
    .option("--check", "write nothing; a page that differs is a finding");
  return withAction<Options>(command, terminal, (_, options) => dashboards(options));
}

function dashboards({ out, page, check }: Options): Result {
  const shown = shownDashboards(out);
  const text = dashboardsPage(shown);
  const differs = !existsSync(page) || readFileSync(page, "utf8") !== text;
  const findings =
    differs && check
      ? [{ file: page, message: "is not what the synth makes of it: run `npx taskflow dashboards`" }]
      : [];
  if (differs && !check) {
    writeFileSync(page, text);
  }
  return {
    data: { page, findings, dashboards: shown.map(summary) },
    text: `${summaryTable(shown)}\n${findings.length > 0 ? findingLines(findings) : `${page} is up to date\n`}`,
    findings: findings.length > 0,
  };
}

/** The platform's dashboards and one tenant's, which stands for all. */
function shownDashboards(out: string): readonly SynthesizedDashboard[] {
  try {
    const all = readDashboards(out);
    return all.filter(({ tenant }, index) => tenant === undefined || all[index - 1]?.tenant === undefined);
  } catch (error) {
    throw error instanceof ManifestsError ? new UsageError(error.message) : error;
  }
}

interface Summary {
  readonly uid: string;
  readonly folder: string;
  readonly panels: number;
  readonly queries: number;
  /** Length of its JSON. */
  readonly bytes: number;
}

function summary({ folder, dashboard }: SynthesizedDashboard): Summary {
  const panels = (dashboard.panels ?? []).filter(({ type }) => type !== "row") as Panel[];
  return {
    uid: dashboard.uid ?? "",
    folder,
    panels: panels.length,
    queries: panels.flatMap(queriesOf).length,
    bytes: Buffer.byteLength(JSON.stringify(dashboard)),
  };
}

function summaryTable(shown: readonly SynthesizedDashboard[]): string {
  return table(
    [
      { title: "dashboard" },
      { title: "folder" },
      { title: "panels", align: "right" },
      { title: "queries", align: "right" },
      { title: "bytes", align: "right" },
    ],
    shown
      .map(summary)
      .map(({ uid, folder, panels, queries, bytes }) => [uid, folder, ...[panels, queries, bytes].map(String)]),
  );
}

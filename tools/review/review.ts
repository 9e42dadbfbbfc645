import { InputError } from "../../config";
import type { CheckReport } from "../../tenancy/check";
import type { ChangedReport } from "../changed/report";
import { compareSides, withSides } from "../changed/changed";
import { reportMarkdown } from "../changed/markdown";
import { someOf } from "../changed/text";
import { checkFile } from "../check/command";
import { findingsOf } from "../cli/finding";
import type { TenantsInput } from "../cli/options";
import { plural } from "../cli/table";
import { costSince } from "../cost/command";
import { usd } from "../cost/text";
import { reportFindings, TenantRows } from "../isolation/findings";
import { readFleet } from "../isolation/fleet";
import { judgeFleet } from "../isolation/judgement";
import { layersOf } from "../isolation/tenant-pairs";
import { byBinding } from "../limits/headroom";
import { limitsReport } from "../limits/report";
import { limitFindings } from "../limits/text";
import { readStacks, type Region, regionOf } from "../manifests/output";
import { markdownTable, type Section, signed } from "./page";

export interface ReviewInput extends TenantsInput {
  /** Git ref to compare with. */
  readonly base: string;
  /**
   * Folder of a synth of the working tree.
   * @default - it is synthesized
   */
  readonly out?: string;
  /**
   * Folder of a synth of the base.
   * @default - the cached one, or it is synthesized
   */
  readonly against?: string;
  /** Day by which a retention has passed, like 2027-03-31. */
  readonly today: string;
  /** Tenants whose Terraform states have been moved to their new shard. */
  readonly moved: readonly string[];
}

/**
 * Everything that a reviewer asks of a change, section by section. A section that cannot be computed says why, and the
 * others stand all the same.
 *
 * @throws UsageError if the base or a folder does not exist
 */
export async function review(input: ReviewInput): Promise<readonly Section[]> {
  const checked = checkFile(input, input);
  const rows = rowsSection(checked);
  if (checked.fleet === undefined) {
    return [rows];
  }
  return [
    rows,
    ...(await sections("Resources", () =>
      withSides(input, (sides) => [
        resourcesSection(compareSides(input, sides)),
        ...isolationSections(sides.after, input.path),
      ]),
    )),
    ...(await sections("Cost", () => [costSection(input)])),
    ...(await sections("Limits", () => [limitsSection(input)])),
  ];
}

async function sections(
  title: string,
  compute: () => readonly Section[] | Promise<readonly Section[]>,
): Promise<readonly Section[]> {
  try {
    return await compute();
  } catch (error) {
    if (!(error instanceof InputError)) {
      throw error;
    }
    return [{ title, summary: "cannot be computed", findings: findingsOf(error) }];
  }
}

function rowsSection({ rows, findings }: CheckReport): Section {
  const { added = [], changed: edited = [], removed = [] } = rows ?? {};
  const list = (what: string, ids: readonly string[]): string =>
    ids.length === 0 ? "" : `- ${what}: ${ids.map((id) => `\`${id}\``).join(", ")}\n`;
  return {
    title: "Tenants",
    summary: `${plural(added.length, "row")} added, ${edited.length} changed, ${removed.length} removed`,
    findings,
    body: list("added", added) + list("changed", edited) + list("removed", removed),
  };
}

function resourcesSection(report: ChangedReport): Section {
  const { stacks, counts } = report;
  const destroys = counts.removed + counts.replaced;
  return {
    title: "Resources",
    summary: `${plural(stacks.length, "stack")}, ${counts.added} added, ${counts.changed} changed, **${plural(destroys, "destroy")}**`,
    // The report lists its own.
    findings: report.findings,
    body: reportMarkdown({ ...report, findings: [] }),
  };
}

/** Of each region's fleet as the change leaves it: what was open before is no excuse. */
function isolationSections(out: string, tenantsFile: string): readonly Section[] {
  const regions = new Set(readStacks(out).map(({ name }) => regionOf(name)));
  return (["primary", "secondary"] as const)
    .filter((region) => regions.has(region))
    .map((region) => isolationSection(out, region, tenantsFile));
}

function isolationSection(out: string, region: Region, tenantsFile: string): Section {
  const { pairs, findings } = judgeFleet(readFleet(out, region));
  const fewest = Math.min(...[...pairs.byLayers.keys()].map((bits) => layersOf(bits).length));
  return {
    title: region === "primary" ? "Isolation" : "Isolation in the second region",
    summary:
      pairs.judged === 0
        ? "no pair of tenants"
        : `${pairs.judged} pairs of tenants, each stopped by ${fewest} layers or more`,
    findings: reportFindings(findings, TenantRows.read(tenantsFile)).map(({ location, tenants, message }) => ({
      message: `${location === undefined ? "" : `${location}: `}${tenants.length === 0 ? "" : `${someOf(tenants)}: `}${message}`,
    })),
  };
}

function costSection(input: ReviewInput): Section {
  const { net, revenue, lines, tenants } = costSince(input, input.base);
  const rows = [
    ...lines.map(({ name, before, after }) => [name, usd(before), usd(after), signed(after - before)]),
    ...tenants.map(({ id, before, after }) => [
      `\`${id}\`, its share`,
      before === undefined ? "–" : usd(before.total),
      after === undefined ? "–" : usd(after.total),
      signed((after?.total ?? 0) - (before?.total ?? 0)),
    ]),
  ];
  return {
    title: "Cost",
    summary: `${signed(net)} a month, revenue ${signed(revenue)}, margin ${signed(revenue - net)}`,
    findings: [],
    body: rows.length === 0 ? "" : markdownTable(["US dollars a month", "before", "after", ""], rows, "right"),
  };
}

function limitsSection(input: ReviewInput): Section {
  const { limits } = limitsReport(input);
  const [next, ...others] = byBinding(limits).slice(0, 3);
  const warnings = limitFindings(input.file, limits, "warning");
  const place = (limit: typeof next): string =>
    limit === undefined ? "none" : `${limit.name} at ${limit.bindsAt} tenants`;
  return {
    title: "Limits",
    summary: `next: ${place(next)}, at today's mix`,
    findings: limitFindings(input.file, limits, "finding"),
    body: [
      others.length === 0 ? "" : `- then: ${others.map(place).join("; ")}\n`,
      ...warnings.map(({ message }) => `- at 80 % or more: ${message}\n`),
    ].join(""),
  };
}

import { type Finding, findingLines } from "../cli/finding";
import { type Column, table } from "../cli/table";
import { styled, type Terminal } from "../cli/terminal";
import type { LimitsReport } from "./report";
import { byBinding, type Headroom, HORIZON, type Level } from "./headroom";
import type { TierLoad } from "./oversubscription";

/** Limits that the summary names as next to bind. */
const NEXT = 5;

const LIMIT_COLUMNS: readonly Column[] = [
  { title: "limit" },
  { title: "used", align: "right" },
  { title: "of", align: "right" },
  { title: "unit" },
  { title: "share", align: "right" },
  { title: "full at", align: "right" },
];

const TIER_COLUMNS: readonly Column[] = [
  { title: "tier" },
  { title: "tenants", align: "right" },
  { title: "" },
  { title: "requests", align: "right" },
  { title: "busy", align: "right" },
  { title: "guaranteed", align: "right" },
  { title: "limits", align: "right" },
  { title: "pool's nodes", align: "right" },
  { title: "× requests", align: "right" },
  { title: "× nodes", align: "right" },
];

const NEXT_COLUMNS: readonly Column[] = [{ title: "tenants", align: "right" }, { title: "limit" }, { title: "source" }];

/** The report for people. */
export function limitsText(terminal: Terminal, file: string, { limits, tiers }: LimitsReport): string {
  const owners = [...new Set(limits.map(({ owner }) => owner))];
  return [
    ...owners.map((owner) => ownerTable(terminal, owner, limits)),
    `${styled(terminal, "bold", "Oversubscription by tier")} (CPU in cores, memory in GiB)\n${tierTable(tiers)}`,
    `${styled(terminal, "bold", "Next to bind, at today's mix of tenants")}\n${nextToBind(limits)}`,
    ...raised(limits),
    summary(terminal, file, limits),
  ].join("\n");
}

function ownerTable(terminal: Terminal, owner: string, limits: readonly Headroom[]): string {
  const rows = limits
    .filter((limit) => limit.owner === owner)
    .map((limit) => [
      limit.name,
      figure(limit.used),
      figure(limit.value),
      limit.unit,
      percent(limit.share),
      limit.bindsAt === undefined ? `> ${figure(HORIZON)}` : figure(limit.bindsAt),
    ]);
  return `${styled(terminal, "bold", owner)}\n${table(LIMIT_COLUMNS, rows)}`;
}

function tierTable(tiers: readonly TierLoad[]): string {
  return table(
    TIER_COLUMNS,
    tiers.flatMap((load) =>
      (["cpu", "memoryGib"] as const).map((kind, index) => [
        index === 0 ? load.tier : "",
        index === 0 ? figure(load.tenants) : "",
        kind === "cpu" ? "CPU" : "memory",
        decimal(load.requests[kind]),
        decimal(load.busy[kind]),
        decimal(load.guaranteed[kind]),
        decimal(load.limits[kind]),
        decimal(load.nodes[kind]),
        ratio(load.limits[kind], load.requests[kind]),
        ratio(load.limits[kind], load.nodes[kind]),
      ]),
    ),
  );
}

function nextToBind(limits: readonly Headroom[]): string {
  const next = byBinding(limits).slice(0, NEXT);
  return next.length === 0
    ? `nothing below ${figure(HORIZON)} tenants\n`
    : table(
        NEXT_COLUMNS,
        next.map(({ name, bindsAt = 0, source }) => [figure(bindsAt), name, source]),
      );
}

/** Quotas that somebody has to ask AWS for; the report counts on them. */
function raised(limits: readonly Headroom[]): readonly string[] {
  const lines = limits.flatMap(({ name, value, raisedFrom, source }) =>
    raisedFrom === undefined ? [] : [`${name}: ${figure(value)} instead of ${figure(raisedFrom)} (${source})\n`],
  );
  return lines.length === 0 ? [] : [`To be granted by AWS before the first deployment\n${lines.join("")}`];
}

function summary(terminal: Terminal, file: string, limits: readonly Headroom[]): string {
  const warnings = limitFindings(file, limits, "warning");
  const findings = limitFindings(file, limits, "finding");
  const counts = `${limits.length} limits: ${findings.length} full, ${warnings.length} at 80 % or more`;
  const style = findings.length > 0 ? "red" : warnings.length > 0 ? "yellow" : "green";
  return `${findingLines(warnings)}${findingLines(findings)}${styled(terminal, style, counts)}\n`;
}

/** The limits of one level, each at the row that took the fleet there. */
export function limitFindings(file: string, limits: readonly Headroom[], level: Level): readonly Finding[] {
  return limits
    .filter((limit) => limit.level === level)
    .map(({ row, name, used, value, unit, share, source }) => ({
      file,
      ...(row === undefined ? {} : { line: row.line, column: row.column }),
      message:
        `${name}: ${figure(used)} of ${figure(value)} ${unit}, ${percent(share)}` +
        `${row === undefined ? "" : `, since ${row.tenant}`} (${source})`,
    }));
}

function figure(value: number): string {
  return Number.isInteger(value) || value >= 1_000 ? Math.round(value).toLocaleString("en-US") : decimal(value);
}

function decimal(value: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** Rounded down, so that 100 % is never said of less. */
function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

function ratio(a: number, b: number): string {
  return b === 0 ? "–" : `${decimal(a / b)}×`;
}

import { type Finding, findingLines } from "../cli/finding";
import { MAX_COLUMNS, plural, wrap } from "../cli/table";
import { styled, type Style, type Terminal } from "../cli/terminal";
import { regionOf } from "../manifests/output";
import type { ArgumentChange } from "./arguments";
import type { Change } from "./compare";
import { groupTenants, type TenantGroup } from "./groups";
import type { ChangedReport, Counts } from "./report";
import { WAVES } from "./waves";

const MARKS: Readonly<Record<Change["action"], { readonly mark: string; readonly style: Style }>> = {
  added: { mark: "+", style: "green" },
  changed: { mark: "~", style: "yellow" },
  replaced: { mark: "±", style: "red" },
  removed: { mark: "-", style: "red" },
};

/** Arguments of one resource, tenants of one group, files of one list that are shown; `--json` has them all. */
const SHOWN = 5;

/** The report for people. */
export function reportText(report: ChangedReport, terminal: Terminal): string {
  const parts = [
    headline(report),
    sharedLine(report),
    ...groupTenants(report.tenants).map((group) => groupText(group, terminal)),
    ...report.platform.map(
      ({ stack, changes }) => `\n${stack}\n${changes.map((change) => changeText(change, terminal)).join("")}`,
    ),
    planText(report),
    findingsText(report.findings, terminal),
  ];
  return parts.join("");
}

/** `27 added, 1 changed, 0 replaced, 0 removed`. */
export function countsText({ added, changed, replaced, removed }: Counts): string {
  return `${added} added, ${changed} changed, ${replaced} replaced, ${removed} removed`;
}

/** `acme-corp, blue-harbor and 3 more`. */
export function someOf(words: readonly string[]): string {
  const rest = words.length - SHOWN;
  return rest > 0 ? `${words.slice(0, SHOWN).join(", ")} and ${rest} more` : words.join(", ");
}

/** Why tenants are touched whose rows are the same. */
export function sharedText({ sharedFiles, tenants }: ChangedReport): string | undefined {
  const others = tenants.filter(({ row }) => row === "same").length;
  const rows = tenants.length - others;
  if (sharedFiles.length === 0) {
    return undefined;
  }
  const both =
    rows > 0 && others > 0 ? "; rows change too, so which of both touched a tenant cannot be told: split them" : "";
  return `shared change (${someOf(sharedFiles)}): touches ${plural(others, "tenant")} whose row is the same${both}`;
}

function headline({ base, stacks, tenants, counts }: ChangedReport): string {
  return stacks.length === 0
    ? `no difference to ${base}\n`
    : `since ${base}: ${plural(stacks.length, "stack")}, ${plural(tenants.length, "tenant")}; resources: ${countsText(counts)}\n`;
}

function sharedLine(report: ChangedReport): string {
  const text = sharedText(report);
  return text === undefined ? "" : wrap(text, "  ");
}

function groupText({ tenants, changes }: TenantGroup, terminal: Terminal): string {
  const [first] = tenants;
  const row = first?.row === undefined ? "" : first.row === "same" ? " (row is the same)" : ` (row ${first.row})`;
  const names = tenants.map(({ id, place }) => (place === undefined ? id : `${id} ${place}`));
  const title = tenants.length === 1 ? `${names[0]}${row}` : `${tenants.length} tenants${row}: ${someOf(names)}; each`;
  const stacks = new Set(changes.map(({ stack }) => stack));
  const where = tenants.length === 1 ? [...stacks].map((stack) => `, ${stack}`).join("") : "";
  return `\n${wrap(styled(terminal, "bold", title + where), "  ")}${changes.map((change) => changeText(change, terminal)).join("")}`;
}

function changeText(change: Change, terminal: Terminal): string {
  const { mark, style } = MARKS[change.action];
  const { arguments: changed = [], replaces } = change;
  return [
    `  ${styled(terminal, style, mark)} ${addressText(change)}\n`,
    replaces === undefined ? "" : `      in place of ${replaces}\n`,
    ...argumentLines(changed, MAX_COLUMNS - "      ".length).map((line) => `      ${line}\n`),
  ].join("");
}

/** An address, of which a tenant that stands in both regions has two. */
export function addressText({ stack, tenant, address }: Change): string {
  return tenant !== undefined && regionOf(stack) === "secondary" ? `second region: ${address}` : address;
}

/** The first arguments that differ, a line each, and how many there are besides. */
export function argumentLines(changed: readonly ArgumentChange[], columns: number): readonly string[] {
  const rest = changed.length - SHOWN;
  return [
    ...changed.slice(0, SHOWN).map((argument) => argumentText(argument, columns)),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ];
}

/** `spec.hard.pods: 10 → 25`, cut to the columns: of a long path its end is kept, of long values what differs. */
function argumentText({ path, before, after }: ArgumentChange, columns: number): string {
  const shortPath = path.length > columns / 2 ? `…${path.slice(1 - columns / 2)}` : path;
  const room = Math.floor((columns - shortPath.length - ":  → ".length) / 2);
  const texts = [before, after].map((value) => (value === undefined ? "none" : JSON.stringify(value)));
  const from = texts.every((text) => text.length <= room) ? 0 : commonStart(texts);
  return `${shortPath}: ${texts.map((text) => excerpt(text, from, room)).join(" → ")}`;
}

/** Where two texts begin to differ, and a little before, so that one sees what it is about. */
function commonStart([one = "", other = ""]: readonly string[]): number {
  const differing = [...one].findIndex((character, index) => character !== other[index]);
  return Math.max(0, differing - SHOWN);
}

function excerpt(text: string, from: number, room: number): string {
  const start = from > 1 ? `…${text.slice(from)}` : text;
  return start.length > room ? `${start.slice(0, room - 1)}…` : start;
}

function planText({ plan, byHand }: ChangedReport): string {
  const waves = WAVES.map((wave) => ({ wave, stacks: plan.filter((planned) => planned.wave === wave) }))
    .filter(({ stacks }) => stacks.length > 0)
    .map(({ wave, stacks }) => wrap(`  ${wave}: ${stacks.map(({ stack }) => stack).join(", ")}`, "    "));
  const manual = byHand.length === 0 ? [] : [wrap(`  by hand: ${byHand.join(", ")}`, "    ")];
  const lines = [...manual, ...waves];
  return lines.length === 0 ? "" : `\napplied in this order\n${lines.join("")}`;
}

function findingsText(findings: readonly Finding[], terminal: Terminal): string {
  return findings.length === 0 ? "" : `\n${styled(terminal, "red", "findings")}\n${findingLines(findings)}`;
}

import { findingLines } from "../cli/finding";
import { plural } from "../cli/table";
import type { Change } from "./compare";
import { groupTenants, type TenantGroup } from "./groups";
import type { ChangedReport } from "./report";
import { addressText, argumentLines, sharedText, someOf } from "./text";

const MARKS: Readonly<Record<Change["action"], string>> = { added: "+", changed: "!", replaced: "!", removed: "-" };

/** Longest line of a list of changes. */
const COLUMNS = 120;

/** The report for a pull request. */
export function reportMarkdown(report: ChangedReport): string {
  const { base, stacks, tenants, counts, findings, platform, plan, byHand } = report;
  if (stacks.length === 0) {
    return `No difference to \`${base}\`.\n`;
  }
  const shared = sharedText(report);
  const destroys = counts.removed + counts.replaced;
  return [
    `| stacks | tenants | added | changed | replaced | removed |\n| ---: | ---: | ---: | ---: | ---: | ---: |\n`,
    `| ${[stacks.length, tenants.length, counts.added, counts.changed, counts.replaced, counts.removed].join(" | ")} |\n\n`,
    `**Destroys: ${destroys}**${destroys === 0 ? "" : ` – ${destroyReason(report)}`}\n\n`,
    shared === undefined ? "" : `${shared[0]?.toUpperCase()}${shared.slice(1)}.\n\n`,
    findings.length === 0
      ? ""
      : `**${plural(findings.length, "finding")}**\n\n\`\`\`text\n${findingLines(findings)}\`\`\`\n\n`,
    ...groupTenants(tenants).map(groupMarkdown),
    ...platform.map(({ stack, changes }) => details(`<code>${stack}</code>`, changes)),
    byHand.length === 0 ? "" : `To be applied by hand: ${byHand.map((stack) => `\`${stack}\``).join(", ")}.\n\n`,
    plan.length === 0
      ? ""
      : `Applied in this order: ${plan.map(({ stack, wave }) => `\`${stack}\` (${wave})`).join(", ")}.\n`,
  ].join("");
}

/** Whose resources are destroyed, and what their rows say. */
function destroyReason({ tenants, platform }: ChangedReport): string {
  const isDestroy = ({ action, type }: Change): boolean =>
    type !== undefined && (action === "removed" || action === "replaced");
  const owners = [
    ...tenants.filter(({ changes }) => changes.some(isDestroy)).map(({ id, row }) => `${id} (row ${row ?? "unknown"})`),
    ...platform.filter(({ changes }) => changes.some(isDestroy)).map(({ stack }) => stack),
  ];
  return someOf(owners);
}

function groupMarkdown({ tenants, changes }: TenantGroup): string {
  const row = tenants[0]?.row;
  const names = someOf(tenants.map(({ id }) => `<code>${id}</code>`));
  const title = `${names}${row === undefined ? "" : row === "same" ? ", row the same" : `, row ${row}`}`;
  return details(tenants.length === 1 ? title : `${tenants.length} tenants, each alike: ${title}`, changes);
}

function details(title: string, changes: readonly Change[]): string {
  const lines = changes.flatMap((change) => [
    `${MARKS[change.action]} ${change.action} ${addressText(change)}`,
    ...(change.replaces === undefined ? [] : [`    in place of ${change.replaces}`]),
    ...argumentLines(change.arguments ?? [], COLUMNS).map((line) => `    ${line}`),
  ]);
  return `<details><summary>${title}: ${changes.length}</summary>\n\n\`\`\`diff\n${lines.join("\n")}\n\`\`\`\n\n</details>\n\n`;
}

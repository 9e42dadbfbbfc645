import { type Finding, findingLines } from "../cli/finding";
import { plural } from "../cli/table";
import { usd } from "../cost/text";

/** One part of the page. */
export interface Section {
  readonly title: string;
  /** Said beside the title in the summary. */
  readonly summary: string;
  readonly findings: readonly Finding[];
  /** Markdown below the title. @default - the summary is all there is to say */
  readonly body?: string;
}

/** The page for a pull request. */
export function reviewMarkdown(sections: readonly Section[]): string {
  const total = sections.reduce((sum, { findings }) => sum + findings.length, 0);
  const rows = sections.map(({ title, summary, findings }) => [
    title,
    summary,
    findings.length === 0 ? "fine" : `**${plural(findings.length, "finding")}**`,
  ]);
  return [
    `## ${total === 0 ? "Nothing found against this change" : `${plural(total, "finding")} against this change`}\n`,
    markdownTable(["", "", ""], rows, "left"),
    ...sections.map(sectionMarkdown).filter((text) => text !== ""),
  ].join("\n");
}

function sectionMarkdown({ title, findings, body = "" }: Section): string {
  const parts = [findings.length === 0 ? "" : `\`\`\`text\n${findingLines(findings)}\`\`\`\n`, body].filter(
    (text) => text !== "",
  );
  return parts.length === 0 ? "" : `### ${title}\n\n${parts.join("\n")}`;
}

/** @param align - of all columns but the first */
export function markdownTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  align: "left" | "right",
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  const rule = titles.map((_, index) => (index > 0 && align === "right" ? "---:" : "---"));
  return [line(titles), line(rule), ...rows.map(line)].join("");
}

/** `+$1.00` or `−$1.00`. */
export function signed(amount: number): string {
  return `${amount < -0.005 ? "−" : "+"}$${usd(Math.abs(amount))}`;
}

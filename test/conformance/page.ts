/** Begins a figure that differs from run to run. */
const MEASURED = "≈ ";

/** A measured figure in a cell. */
export function measured(value: number, unit: string): string {
  return `${MEASURED}${value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 1 : 0 })} ${unit}`.trimEnd();
}

/** A text without measured figures, and without the widths of columns, which follow from them. */
export function withoutFigures(text: string): string {
  return text
    .replace(new RegExp(`${MEASURED}[\\d.,]+`, "g"), MEASURED)
    .replace(/ +/g, " ")
    .replace(/-+/g, "-");
}

/** Lines of a table in Markdown, its columns as wide as prettier has them. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const lines = [columns, ...rows];
  const widths = columns.map((_, index) => Math.max(3, ...lines.map((cells) => [...(cells[index] ?? "")].length)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, index) => pad(cells[index] ?? "", width)).join(" | ")} |`;
  return [line(columns), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)];
}

function pad(text: string, width: number): string {
  return text + " ".repeat(width - [...text].length);
}

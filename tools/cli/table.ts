/** Widest line that a command prints: what fits a split editor and a log view. */
export const MAX_COLUMNS = 100;

export interface Column {
  readonly title: string;
  /** @default "left" */
  readonly align?: "left" | "right";
}

/**
 * A table of plain text, columns two blanks apart. What makes it wider than 100 columns is cut from its widest column, with
 * an ellipsis.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((cells) => [...(cells[index] ?? "")].length)));
  const excess = widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1) - MAX_COLUMNS;
  if (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = Math.max(1, (widths[widest] ?? 0) - excess);
  }
  return lines
    .map((cells) => columns.map(({ align }, index) => fit(cells[index] ?? "", widths[index] ?? 0, align)).join("  "))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

function fit(text: string, width: number, align: Column["align"]): string {
  const characters = [...text];
  const shown = characters.length > width ? `${characters.slice(0, width - 1).join("")}…` : text;
  const blanks = " ".repeat(Math.max(0, width - characters.length));
  return align === "right" ? blanks + shown : shown + blanks;
}

/** A paragraph in lines of at most 100 columns, all but the first indented. A word that is longer keeps its length. */
export function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= MAX_COLUMNS) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else {
      lines.push(line === undefined ? word : indent + word);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** `1 stack`, `2 stacks`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Markup that is safe to stand in a page as it is. */
export class Html {
  constructor(public readonly text: string) {}
}

type Part = Html | string | number | readonly Html[];

/** Markup from a template: texts that are put in are escaped, markup is not. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.map((text, index) => text + (index < parts.length ? rendered(parts[index] ?? "") : "")).join(""),
  );
}

/** JSON that cannot end the script element that it stands in. */
export function jsonForScript(data: unknown): Html {
  return new Html(JSON.stringify(data).replaceAll("<", "\\u003c"));
}

function rendered(part: Part): string {
  if (part instanceof Html) {
    return part.text;
  }
  if (typeof part === "string" || typeof part === "number") {
    return escaped(String(part));
  }
  return part.map(({ text }) => text).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

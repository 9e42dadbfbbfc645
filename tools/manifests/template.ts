/** A piece of a Terraform string: text as it stands, or the source of an interpolation. */
export type TemplatePart = { readonly text: string } | { readonly expression: string };

/** Position just after the `}` that closes the interpolation whose inside starts at `from`. */
function endOfInterpolation(source: string, from: number): number {
  let depth = 1;
  for (let at = from; at < source.length; at += 1) {
    const char = source[at];
    if (char === '"') {
      at = endOfQuotedText(source, at + 1) - 1;
    } else if (char === "{") {
      depth += 1;
    } else if (char === "}") {
      depth -= 1;
      if (depth === 0) {
        return at + 1;
      }
    }
  }
  return source.length;
}

/** Position just after the quote that closes the text starting at `from`; interpolations in it may hold quotes of their own. */
function endOfQuotedText(source: string, from: number): number {
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === "\\") {
      at += 1;
    } else if (source[at] === '"') {
      return at + 1;
    } else if (source.startsWith("${", at) && source[at - 1] !== "$") {
      at = endOfInterpolation(source, at + 2) - 1;
    }
  }
  return source.length;
}

/** Splits a string of Terraform JSON into text and interpolations; `$${` and `%%{` are how Terraform writes a plain `${` and `%{`. */
export function parseTemplate(source: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let text = "";
  let at = 0;
  while (at < source.length) {
    if (source.startsWith("$${", at) || source.startsWith("%%{", at)) {
      text += source.slice(at + 1, at + 3);
      at += 3;
    } else if (source.startsWith("${", at)) {
      const end = endOfInterpolation(source, at + 2);
      if (text !== "") {
        parts.push({ text });
      }
      text = "";
      parts.push({ expression: source.slice(at + 2, end - 1).trim() });
      at = end;
    } else {
      text += source[at] ?? "";
      at += 1;
    }
  }
  if (text !== "") {
    parts.push({ text });
  }
  return parts;
}

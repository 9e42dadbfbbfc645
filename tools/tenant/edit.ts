import { applyEdits, createScanner, type Edit, findNodeAtLocation, modify, type Node, parseTree } from "jsonc-parser";

import type { TenantRow } from "../../tenancy";
import { tenantRow } from "../../tenancy/row";

/** The text of a comment that ends a line, from where something else ended. */
const REST_OF_LINE = /[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/)?[ \t]*(?=\r?\n|$)/y;

/** Keys of a row in the order in which they are written. */
const KEYS: readonly string[] = Object.keys(tenantRow.shape);

/**
 * Writes a row behind the one with the next smaller id, in one line, in the list's own indentation. Nothing else changes,
 * to the byte; a comment stays with the row above or beside which it stands.
 *
 * @param text - JSON without syntax errors, with a list `tenants`
 */
export function insertRow(text: string, row: TenantRow): string {
  const list = listOf(text);
  const rows = list.children ?? [];
  const [first] = rows;
  const written = oneLine(row);
  if (first === undefined) {
    return fillList(text, list, written);
  }
  const before = rows
    .filter((other) => idOf(other) < row.id)
    .reduce<Node | undefined>((last, other) => (last && idOf(last) > idOf(other) ? last : other), undefined);
  const gap = gapBefore(text, list.offset + 1, first.offset);
  if (before === undefined) {
    return applyEdits(text, [insertion(endOfLine(text, list.offset + 1), `${gap}${written},`)]);
  }
  if (before !== rows.at(-1)) {
    return applyEdits(text, [insertion(endOfLine(text, commaAfter(text, before)), `${gap}${written},`)]);
  }
  const end = before.offset + before.length;
  const rest = endOfLine(text, end);
  return applyEdits(
    text,
    rest === end ? [insertion(end, `,${gap}${written}`)] : [insertion(end, ","), insertion(rest, `${gap}${written}`)],
  );
}

/**
 * Sets fields of a row, or takes them away where the value is undefined. Fields keep their place; a new one comes behind
 * those that stand before it in the schema.
 *
 * @param text - JSON without syntax errors, with a row of this id
 */
export function setFields(text: string, id: string, fields: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(fields).reduce((edited, [key, value]) => setField(edited, id, key, value), text);
}

function setField(text: string, id: string, key: string, value: string | undefined): string {
  const list = listOf(text);
  const index = (list.children ?? []).findIndex((row) => idOf(row) === id);
  const row = list.children?.[index];
  if (row === undefined) {
    throw new Error(`no row "${id}"`);
  }
  if (value === undefined || findNodeAtLocation(row, [key]) !== undefined) {
    return applyEdits(text, modify(text, ["tenants", index, key], value, {}));
  }
  const properties = row.children ?? [];
  const [first] = properties;
  const before = properties.filter((property) => KEYS.indexOf(keyOf(property)) < KEYS.indexOf(key)).at(-1);
  if (first === undefined || before === undefined) {
    throw new Error(`row "${id}" has no field before ${key}`);
  }
  const gap = gapBefore(text, row.offset + 1, first.offset);
  const colon = text.slice(first.offset, first.offset + first.length).includes('": ') ? ": " : ":";
  const written = `,${gap}${JSON.stringify(key)}${colon}${JSON.stringify(value)}`;
  return applyEdits(text, [insertion(before.offset + before.length, written)]);
}

function listOf(text: string): Node {
  const root = parseTree(text);
  const list = root && findNodeAtLocation(root, ["tenants"]);
  if (list?.type !== "array") {
    throw new Error("no list of tenants");
  }
  return list;
}

function idOf(row: Node): string {
  return String(findNodeAtLocation(row, ["id"])?.value);
}

function keyOf(property: Node): string {
  return String(property.children?.[0]?.value);
}

function insertion(offset: number, content: string): Edit {
  return { offset, length: 0, content };
}

/** Blanks and line breaks right before a value, from where a comment may have stood. */
function gapBefore(text: string, from: number, to: number): string {
  return /\s*$/.exec(text.slice(from, to))?.[0] ?? "";
}

/** Behind a comment that ends the line, so that it stays beside what it is about; else where it was. */
function endOfLine(text: string, offset: number): number {
  REST_OF_LINE.lastIndex = offset;
  const rest = REST_OF_LINE.exec(text)?.[0] ?? "";
  return rest.trim() === "" ? offset : offset + rest.length;
}

function commaAfter(text: string, node: Node): number {
  const scanner = createScanner(text, true);
  scanner.setPosition(node.offset + node.length);
  scanner.scan();
  return scanner.getTokenOffset() + scanner.getTokenLength();
}

/** The first row of an empty list, two blanks deeper than the list's own line. */
function fillList(text: string, list: Node, written: string): string {
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  const line = text.slice(text.lastIndexOf("\n", list.offset) + 1, list.offset);
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  const inside = text.slice(list.offset + 1, list.offset + list.length - 1);
  const closing = inside.includes("\n") ? "" : lineBreak + indent;
  return applyEdits(text, [insertion(list.offset + 1, `${lineBreak}${indent}  ${written}${closing}`)]);
}

/** `{ "id": "acme", "name": "Acme" }`: as the file's short rows stand. */
function oneLine(value: unknown): string {
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value);
  }
  const fields = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${oneLine(inner)}`);
  return `{ ${fields.join(", ")} }`;
}

import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";

import type { Problem } from "./problem";

/** Keys and indexes that lead to a value. */
export type Path = readonly (string | number)[];

/** `tenants[3].tier`. */
export function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
}

/** A JSON text (comments allowed) with the position of each of its values. */
export class JsonDocument {
  /** Syntax errors and keys that stand twice. Where there are any, `value` is not to be trusted. */
  public readonly problems: readonly Problem[];
  public readonly value: unknown;
  private readonly root: Node | undefined;
  private readonly lineStarts: readonly number[];

  constructor(text: string) {
    this.lineStarts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
    const errors: ParseError[] = [];
    this.root = parseTree(text, errors, { allowTrailingComma: false });
    this.value = this.root === undefined ? undefined : getNodeValue(this.root);
    this.problems =
      errors.length > 0
        ? errors.map((error) => this.syntaxProblem(text, error))
        : this.root === undefined
          ? [{ line: 1, column: 1, path: "", message: "broken JSON: the file is empty" }]
          : this.repeatedKeys(this.root, []);
  }

  /** A problem with the value at a path, or with the nearest value around it where the path leads nowhere. */
  public problem(path: Path, message: string): Problem {
    let node: Node | undefined;
    for (let length = path.length; length >= 0 && node === undefined; length--) {
      node = this.root && findNodeAtLocation(this.root, [...path.slice(0, length)]);
    }
    return { ...this.position(node?.offset ?? 0), path: pathText(path), message };
  }

  /** A problem with a key of the object at a path. */
  public keyProblem(path: Path, key: string, message: string): Problem {
    const value = this.root && findNodeAtLocation(this.root, [...path, key]);
    const offset = value?.parent?.children?.[0]?.offset ?? 0;
    return { ...this.position(offset), path: pathText(path), message };
  }

  private syntaxProblem(text: string, error: ParseError): Problem {
    const found = text.slice(error.offset, error.offset + error.length).split("\n")[0];
    const code = printParseErrorCode(error.error)
      .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
      .toLowerCase();
    return {
      ...this.position(error.offset),
      path: "",
      message: `broken JSON: ${code} at ${found ? JSON.stringify(found) : "the end of the file"}`,
    };
  }

  private repeatedKeys(node: Node, path: Path): Problem[] {
    if (node.type === "array") {
      return (node.children ?? []).flatMap((child, index) => this.repeatedKeys(child, [...path, index]));
    }
    if (node.type !== "object") {
      return [];
    }
    const seen = new Set<string>();
    return (node.children ?? []).flatMap((property) => {
      const [keyNode, valueNode] = property.children ?? [];
      const key = String(keyNode?.value);
      const repeated = seen.has(key);
      seen.add(key);
      return [
        ...(repeated
          ? [{ ...this.position(keyNode?.offset ?? 0), path: pathText(path), message: `key "${key}" stands twice` }]
          : []),
        ...(valueNode ? this.repeatedKeys(valueNode, [...path, key]) : []),
      ];
    });
  }

  private position(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lineStarts[middle] ?? Infinity) <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return { line: low + 1, column: offset - (this.lineStarts[low] ?? 0) + 1 };
  }
}

import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";

import { type Document, isNode, LineCounter, parseAllDocuments } from "yaml";

import { compareText, isArray, isObject, type Json } from "../manifests/json";
import type { KubernetesObject } from "../manifests/object";
import { type Path, type Problems, type SourceObject } from "./source";

const EXTENSIONS: ReadonlySet<string> = new Set([".yaml", ".yml", ".json"]);

/**
 * Every Kubernetes object in the YAML and JSON files below a folder, lists taken apart, in the order of the files' names.
 * What is no YAML or no Kubernetes object, and what stands twice, is a problem with its file, line and column.
 */
export function readFolder(folder: string, problems: Problems): readonly SourceObject[] {
  const sources = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && EXTENSIONS.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort(compareText)
    .flatMap((path) => readText(readFileSync(path, "utf8"), relative(process.cwd(), path), problems));
  rejectRepeated(sources, problems);
  return sources;
}

/**
 * Objects of one text.
 *
 * @param file - name of the text in messages
 */
export function readText(text: string, file: string, problems: Problems): readonly SourceObject[] {
  const lines = new LineCounter();
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  // Kubernetes' parser knows merge keys.
  const documents = parseAllDocuments(text, { lineCounter: lines, merge: true });
  return (Array.isArray(documents) ? documents : []).flatMap((document) => {
    if (document.errors.length > 0) {
      for (const error of document.errors) {
        problems.add(
          at(error.pos[0]),
          `broken YAML: ${error.message.split("\n")[0]?.replace(/ at line .*$/, "") ?? ""}`,
        );
      }
      return [];
    }
    const locate = (path: Path): string => at(offsetOf(document, path));
    const value = document.toJS() as Json;
    return value === null ? [] : objectsOf(value, [], locate, problems);
  });
}

/** A `List` of any kind holds objects; everything else is one. */
function objectsOf(value: Json, path: Path, locate: SourceObject["locate"], problems: Problems): SourceObject[] {
  const found = isObject(value) ? value : {};
  const { kind, items, apiVersion } = found;
  if (typeof kind === "string" && kind.endsWith("List") && isArray(items)) {
    return items.flatMap((item, index) => objectsOf(item, [...path, "items", index], locate, problems));
  }
  const metadata = found["metadata"] ?? {};
  if (typeof apiVersion !== "string" || typeof kind !== "string" || !isObject(metadata)) {
    problems.add(locate(path), "no Kubernetes object: apiVersion, kind and metadata are needed");
    return [];
  }
  const object: KubernetesObject = { ...found, apiVersion, kind, metadata };
  return [{ object, locate: (inner) => locate([...path, ...inner]) }];
}

/** Where a value begins or, where it is absent, what is nearest around it. */
function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) {
      return node.range[0];
    }
  }
  return document.range[0];
}

function rejectRepeated(sources: readonly SourceObject[], problems: Problems): void {
  const first = new Map<string, SourceObject>();
  for (const source of sources) {
    const { apiVersion, kind, metadata } = source.object;
    if (metadata.name === undefined) {
      continue;
    }
    const key = JSON.stringify([apiVersion.split("/").slice(0, -1), kind, metadata.namespace ?? "", metadata.name]);
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, source);
    } else {
      const name = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
      problems.add(
        source.locate(["metadata", "name"]),
        `${kind} ${name} stands twice, first at ${before.locate(["metadata", "name"])}`,
      );
    }
  }
}

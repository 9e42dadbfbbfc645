import type { InputError } from "../../config";
import { TenantsError } from "../../tenancy/problem";
import { wrap } from "./table";

/** Something wrong, with the place that caused it. */
export interface Finding {
  /** As people and git name it: `tenants.json`, or `main:tenants.json` for a file at a commit. */
  readonly file?: string;
  /** Counts from 1, like `column`. */
  readonly line?: number;
  readonly column?: number;
  /** What was received, what is allowed, and what to do. */
  readonly message: string;
}

/** `tenants.json:5:7: …`, one after the other; what does not fit into a line goes on below, indented. */
export function findingLines(findings: readonly Finding[]): string {
  return findings.map((finding) => wrap(`${placeText(finding)}${finding.message}`, "  ")).join("");
}

function placeText({ file, line, column }: Finding): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return place === "" ? "" : `${place}: `;
}

/** What an error says, one by one where it knows the places. */
export function findingsOf(error: InputError): readonly Finding[] {
  if (!(error instanceof TenantsError)) {
    return error.message.split("\n").map((message) => ({ message }));
  }
  return error.problems.map(({ line, column, path, message }) => ({
    file: error.file,
    line,
    column,
    message: path === "" ? message : `${path}: ${message}`,
  }));
}

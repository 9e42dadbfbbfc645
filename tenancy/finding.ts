import type { InputError } from "../config";
import { TenantsError } from "./problem";

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

import type { z } from "zod";

import type { JsonDocument, Path } from "./document";
import { didYouMean } from "./nearest";
import type { Problem } from "./problem";

/** Allowed keys of the object at a path, for the nearest right word. */
export type KeysAt = (path: Path) => readonly string[];

/** What zod found, as problems with positions: what was received, what is allowed, the nearest right word. */
export function schemaProblems(document: JsonDocument, error: z.ZodError, keysAt: KeysAt): Problem[] {
  const seen = new Set<string>();
  return error.issues.flatMap((issue) => {
    const path = issue.path as Path;
    if (issue.code === "unrecognized_keys") {
      const allowed = keysAt(path);
      return issue.keys.map((key) =>
        document.keyProblem(
          path,
          key,
          `unknown key "${key}"; allowed: ${allowed.join(", ")}${didYouMean(key, allowed)}`,
        ),
      );
    }
    // A value can fail several checks of one schema; all say the same.
    const place = JSON.stringify(path);
    if (seen.has(place)) {
      return [];
    }
    seen.add(place);
    return [document.problem(path, describe(valueAt(document.value, path), issue))];
  });
}

function describe(received: unknown, issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String);
    const hint = typeof received === "string" ? didYouMean(received, values) : "";
    const what = received === undefined ? "missing" : `unknown value ${JSON.stringify(received)}`;
    return `${what}; allowed: ${values.join(", ")}${hint}`;
  }
  return `${received === undefined ? "missing" : `invalid value ${shown(received)}`}; allowed: ${issue.message}`;
}

/** Whole objects and lists would bury the message. */
function shown(value: unknown): string {
  if (Array.isArray(value)) {
    return "[…]";
  }
  return typeof value === "object" && value !== null ? "{…}" : JSON.stringify(value);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string | number, unknown>)[key] : undefined,
    value,
  );
}

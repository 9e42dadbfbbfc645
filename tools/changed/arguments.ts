import { isArray, isObject, type Json } from "../manifests/json";

/** An argument that differs. */
export interface ArgumentChange {
  /** `spec.hard.pods`; inside of a text that is itself JSON the path goes on. `[]` stands for elements of a list. */
  readonly path: string;
  /** Undefined where there was none. */
  readonly before?: Json;
  /** Undefined where there is none any more. */
  readonly after?: Json;
}

/** Arguments that differ between two bodies, in the order of their paths. Comments are none. */
export function argumentChanges(before: Json | undefined, after: Json | undefined): readonly ArgumentChange[] {
  return differences(before, after, "").sort((a, b) => (a.path < b.path ? -1 : 1));
}

function differences(before: Json | undefined, after: Json | undefined, path: string): ArgumentChange[] {
  if (before === after) {
    return [];
  }
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys]
      .filter((key) => key !== "//")
      .flatMap((key) => differences(before[key], after[key], path === "" ? keyText(key) : `${path}${dotted(key)}`));
  }
  if (isArray(before) && isArray(after)) {
    if ([...before, ...after].every(isScalar)) {
      return listChange(before, after, path);
    }
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index).flatMap((index) =>
      differences(before[index], after[index], `${path}[${index}]`),
    );
  }
  const inner = [before, after].map(parsed);
  if (inner[0] !== undefined && inner[1] !== undefined) {
    return differences(inner[0], inner[1], path);
  }
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

/** What a list of plain values has lost and gained: most are sets, where one more element would shift all behind it. */
function listChange(before: readonly Json[], after: readonly Json[], path: string): ArgumentChange[] {
  const lost = before.filter((value) => !after.includes(value));
  const gained = after.filter((value) => !before.includes(value));
  if (lost.length + gained.length > 0) {
    return [
      {
        path: `${path}[]`,
        ...(lost.length === 0 ? {} : { before: lost }),
        ...(gained.length === 0 ? {} : { after: gained }),
      },
    ];
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

function isScalar(value: Json): boolean {
  return typeof value !== "object" || value === null;
}

/** A text that holds an object or a list, as policies and dashboards do. */
function parsed(value: Json | undefined): Json | undefined {
  if (typeof value !== "string" || !/^[[{]/.test(value)) {
    return undefined;
  }
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}

function dotted(key: string): string {
  return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function keyText(key: string): string {
  return /^[\w-]+$/.test(key) ? key : `[${JSON.stringify(key)}]`;
}

import { isArray, isObject, type Json, type JsonObject } from "../../tools/manifests/json";

/** The object at a path; an empty one where there is none. */
export function objectAt(value: Json | undefined, ...path: readonly string[]): JsonObject {
  let current: Json | undefined = value;
  for (const step of path) {
    current = isObject(current) ? current[step] : undefined;
  }
  return isObject(current) ? current : {};
}

/** The list under a key; an empty one where there is none. */
export function listAt(value: Json | undefined, key: string): readonly Json[] {
  const list = objectAt(value)[key];
  return isArray(list) ? list : [];
}

/** The objects in a list; none where it is no list. */
export function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return isArray(value) ? value.filter(isObject) : [];
}

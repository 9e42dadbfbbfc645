/** What JSON.parse may give; `undefined` is allowed so that optional fields fit without casts. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object, for documents whose shape is known only in part. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Tells an object from arrays and scalars. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Tells an array from everything else; `Array.isArray` alone does not narrow a readonly array. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Orders strings by code unit: the same on every machine, whatever its locale. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

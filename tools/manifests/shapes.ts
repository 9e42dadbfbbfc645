import { KNOWN_AFTER_APPLY } from "./expressions";
import { isArray, isObject, type Json, type JsonObject } from "./json";
import { ManifestsError } from "./output";

/**
 * How one value travels from Terraform's form into the Kubernetes API's. The Kubernetes provider writes some integers as
 * text, calls lists by their element (`container`) and blocks that occur once sometimes as a list; the API does none of this.
 */
export type Shape =
  | { readonly is: "verbatim" | "integer" | "octal" | "integerOrText" | "cidr" | "textMap" | "dropped" }
  | { readonly is: "list"; readonly of: Shape }
  | { readonly is: "block"; readonly fields: Fields; readonly defaults: JsonObject };

/** What becomes of one argument of a block. */
export interface Field {
  /**
   * Name in the Kubernetes API.
   * @default - the Terraform name in camel case
   */
  readonly name?: string;
  readonly shape: Shape;
}

/** The arguments of a block that are not plain scalars in camel case, by their Terraform name. */
export interface Fields {
  readonly [terraformName: string]: Shape | Field;
}

/** As Terraform has it. */
export const verbatim: Shape = { is: "verbatim" };
/** A whole number, which the provider may hold as text. */
export const integer: Shape = { is: "integer" };
/** File mode: octal text in the provider, a number in the API. */
export const octal: Shape = { is: "octal" };
/** A number where the text is one, such as a port; otherwise text, such as a percentage or a port's name. */
export const integerOrText: Shape = { is: "integerOrText" };
/** An address range, which the API server parses: a placeholder has to be one too. */
export const cidr: Shape = { is: "cidr" };
/** A map whose keys belong to the user: labels, quantities, data. Terraform holds every value as text. */
export const textMap: Shape = { is: "textMap" };
/** Belongs to the provider, the API never sees it. */
export const dropped: Shape = { is: "dropped" };

/** A list in the API. */
export function list(of: Shape): Shape {
  return { is: "list", of };
}

/** An object in the API; `defaults` are what the provider sends, unlike the API, where an argument is absent. */
export function block(fields: Fields, defaults: JsonObject = {}): Shape {
  return { is: "block", fields, defaults };
}

/** A field whose API name is not its Terraform name in camel case. */
export function as(name: string, shape: Shape): Field {
  return { name, shape };
}

/** TEST-NET-1 of RFC 5737: valid wherever a range is asked for and never anybody's. */
const UNKNOWN_CIDR = "192.0.2.0/24";
const UNKNOWN_INTEGER = 1;

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function toInteger(value: Json, base: number, path: string): Json {
  if (typeof value === "number") {
    return value;
  }
  if (value === KNOWN_AFTER_APPLY) {
    return UNKNOWN_INTEGER;
  }
  if (typeof value === "string" && /^-?\d+$/.test(value)) {
    return parseInt(value, base);
  }
  throw new ManifestsError(`${path}: ${JSON.stringify(value)} is not a whole number`);
}

function toTextMap(value: Json, path: string): Json {
  if (!isObject(value)) {
    throw new ManifestsError(`${path}: expected a map`);
  }
  const texts: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined && item !== null) {
      texts[key] = typeof item === "object" ? item : String(item);
    }
  }
  return texts;
}

/** Converts one value; `path` names it in messages. */
export function convert(shape: Shape, value: Json, path: string): Json {
  switch (shape.is) {
    case "integer":
      return toInteger(value, 10, path);
    case "octal":
      return toInteger(value, 8, path);
    case "integerOrText":
      return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    case "cidr":
      return value === KNOWN_AFTER_APPLY ? UNKNOWN_CIDR : value;
    case "textMap":
      return toTextMap(value, path);
    case "list":
      return (isArray(value) ? value : [value]).map((item, index) => convert(shape.of, item, `${path}[${index}]`));
    case "block":
      return convertBlock(shape.fields, shape.defaults, value, path);
    case "verbatim":
    case "dropped":
      return value;
  }
}

function convertBlock(fields: Fields, defaults: JsonObject, value: Json, path: string): Json {
  const source = isArray(value) && value.length === 1 ? value[0] : value;
  if (!isObject(source)) {
    throw new ManifestsError(`${path}: expected one block, found ${JSON.stringify(value)}`);
  }
  const converted: Record<string, Json | undefined> = { ...defaults };
  for (const [key, item] of Object.entries(source)) {
    if (item === undefined || item === null) {
      continue;
    }
    const { name, shape } = fieldOf(fields, key, item, `${path}.${key}`);
    const absent = shape.is === "dropped" || (shape.is === "block" && isArray(item) && item.length === 0);
    if (!absent) {
      converted[name] = convert(shape, item, `${path}.${key}`);
    }
  }
  return converted;
}

/** A scalar needs no entry in the table; a block without one would be guessed at, so it is refused. */
function fieldOf(fields: Fields, key: string, value: Json, path: string): Required<Field> {
  const entry = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (entry === undefined) {
    const nested = isObject(value) || (isArray(value) && value.some((item) => typeof item === "object"));
    if (nested) {
      throw new ManifestsError(`${path}: no rule says how this block looks in the Kubernetes API`);
    }
    return { name: camelCase(key), shape: verbatim };
  }
  return "is" in entry
    ? { name: camelCase(key), shape: entry }
    : { name: entry.name ?? camelCase(key), shape: entry.shape };
}

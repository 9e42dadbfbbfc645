import { didYouMean } from "../../tenancy/nearest";
import { isArray, isObject, type Json } from "../manifests/json";
import type { KubernetesObject } from "../manifests/object";

/** Keys and indexes that lead into an object. */
export type Path = readonly (string | number)[];

/** An object together with where it was read. */
export interface SourceObject {
  readonly object: KubernetesObject;
  /** Where a value stands, as messages name it: `policies/web.yaml:7:5`, or a Terraform address. */
  readonly locate: (path: Path) => string;
}

/** Labels of an object. */
export type Labels = ReadonlyMap<string, string>;

/** What is wrong with the objects read so far; everything is told at once. */
export class Problems {
  private readonly found: string[] = [];

  public get messages(): readonly string[] {
    return this.found;
  }

  public add(location: string, message: string): void {
    this.found.push(`${location}: ${message}`);
  }
}

/** A value inside an object, to be read with its place at hand. */
export class Field {
  private constructor(
    private readonly source: SourceObject,
    private readonly problems: Problems,
    private readonly path: Path,
    public readonly value: Json | undefined,
  ) {}

  public static root(source: SourceObject, problems: Problems): Field {
    return new Field(source, problems, [], source.object);
  }

  /** Whether the value is there; Kubernetes reads `null` as absent. */
  public get isPresent(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  public get(key: string): Field {
    const value = isObject(this.value) ? this.value[key] : undefined;
    return new Field(this.source, this.problems, [...this.path, key], value);
  }

  public reject(message: string): void {
    const name = this.path
      .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
      .join("")
      .replace(/^\./, "");
    this.problems.add(this.source.locate(this.path), name === "" ? message : `${name}: ${message}`);
  }

  /** Refuses what is no object, and keys that Kubernetes does not know there, as strict field validation does. */
  public object(allowed: readonly string[]): this {
    if (!this.isPresent) {
      return this;
    }
    if (!isObject(this.value)) {
      this.refuse("an object");
      return this;
    }
    for (const key of Object.keys(this.value).filter((name) => !allowed.includes(name))) {
      this.get(key).reject(`unknown field; allowed: ${allowed.join(", ")}${didYouMean(key, allowed)}`);
    }
    return this;
  }

  /** Elements of a list; none where it is absent. */
  public items(): readonly Field[] {
    if (!this.isPresent) {
      return [];
    }
    if (!isArray(this.value)) {
      this.refuse("a list");
      return [];
    }
    return this.value.map((item, index) => new Field(this.source, this.problems, [...this.path, index], item));
  }

  public text(): string | undefined {
    if (!this.isPresent) {
      return undefined;
    }
    if (typeof this.value !== "string") {
      this.refuse("text");
      return undefined;
    }
    return this.value;
  }

  public texts(): readonly string[] {
    return this.items().flatMap((item) => {
      if (!item.isPresent) {
        item.refuse("text");
      }
      return item.text() ?? [];
    });
  }

  /** One of some words. */
  public word<Word extends string>(allowed: readonly Word[]): Word | undefined {
    const text = this.text();
    const word = allowed.find((candidate) => candidate === text);
    if (text !== undefined && word === undefined) {
      this.reject(`unknown value "${text}"; allowed: ${allowed.join(", ")}${didYouMean(text, allowed)}`);
    }
    return word;
  }

  /** A whole number within a range. */
  public integer(from: number, to: number): number | undefined {
    if (!this.isPresent) {
      return undefined;
    }
    const { value } = this;
    if (typeof value !== "number" || !Number.isInteger(value) || value < from || value > to) {
      this.refuse(`a whole number from ${from} to ${to}`);
      return undefined;
    }
    return value;
  }

  /** A map of texts, such as labels. */
  public labels(): Labels {
    if (!this.isPresent) {
      return new Map();
    }
    if (!isObject(this.value)) {
      this.refuse("a map of texts");
      return new Map();
    }
    return new Map(
      Object.keys(this.value).flatMap((key) => {
        const item = this.get(key);
        // Go reads a null as the empty text.
        const text = item.isPresent ? item.text() : "";
        return text === undefined ? [] : [[key, text] as const];
      }),
    );
  }

  private refuse(allowed: string): void {
    this.reject(`invalid value ${JSON.stringify(this.value)}; allowed: ${allowed}`);
  }
}

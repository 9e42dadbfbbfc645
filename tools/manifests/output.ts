import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { SECONDARY_STACK_PREFIX } from "../../tenancy/names";
import { compareText, isObject, type Json, type JsonObject } from "./json";

/** A mistake of the person at the keyboard or of the synthesized output: shown as one line, without a stack trace. */
export class ManifestsError extends Error {
  public override readonly name = "ManifestsError";
}

/** The second region is asked for, and the output holds none. */
export class NoSecondRegionError extends ManifestsError {}

/** One of an environment's two regions. */
export type Region = "primary" | "secondary";

/** One stack of a synthesized app: its name and the Terraform JSON that cdktf wrote for it. */
export interface SynthesizedStack {
  readonly name: string;
  readonly document: JsonObject;
}

/** One Terraform resource of a stack, its arguments still unresolved. */
export interface TerraformResource {
  readonly type: string;
  readonly name: string;
  readonly body: JsonObject;
}

/** A file that holds a JSON object. */
export function readJson(path: string): JsonObject {
  let parsed: Json;
  try {
    parsed = JSON.parse(readFileSync(path, "utf8")) as Json;
  } catch (error) {
    throw new ManifestsError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(parsed)) {
    throw new ManifestsError(`${path}: expected a JSON object`);
  }
  return parsed;
}

/**
 * Reads every stack that the manifest of a synthesized app lists, in order of name. Nothing but these files is looked at,
 * so what is exported is what Terraform will see, and not what the constructs meant.
 */
export function readStacks(outDir: string): readonly SynthesizedStack[] {
  const manifestPath = join(outDir, "manifest.json");
  if (!existsSync(manifestPath)) {
    throw new ManifestsError(
      `${manifestPath} does not exist: run "npm run synth" first, or name the folder with --out`,
    );
  }
  const { stacks } = readJson(manifestPath);
  if (!isObject(stacks)) {
    throw new ManifestsError(`${manifestPath}: no "stacks"`);
  }
  return Object.keys(stacks)
    .sort(compareText)
    .map((name) => {
      const entry = stacks[name];
      const path = isObject(entry) ? entry["synthesizedStackPath"] : undefined;
      if (typeof path !== "string") {
        throw new ManifestsError(`${manifestPath}: stack ${name} has no synthesizedStackPath`);
      }
      return { name, document: readJson(join(outDir, path)) };
    });
}

/** Where what a stack makes stands. */
export function regionOf(stack: string): Region {
  return stack.startsWith(SECONDARY_STACK_PREFIX) ? "secondary" : "primary";
}

/**
 * The stacks of one region: its cluster, and all that is around it.
 *
 * @throws NoSecondRegionError if it is the second, and there is none
 */
export function stacksIn(region: Region, stacks: readonly SynthesizedStack[]): readonly SynthesizedStack[] {
  const found = stacks.filter(({ name }) => regionOf(name) === region);
  if (region === "secondary" && found.length === 0) {
    throw new NoSecondRegionError(
      `--secondary: the output has no second region, whose stacks begin with "${SECONDARY_STACK_PREFIX}"`,
    );
  }
  return found;
}

/** The resources of a stack, ordered by type and name. */
export function resourcesOf(document: JsonObject): readonly TerraformResource[] {
  const byType = document["resource"];
  if (!isObject(byType)) {
    return [];
  }
  return Object.keys(byType)
    .sort(compareText)
    .flatMap((type) => {
      const byName = byType[type];
      if (!isObject(byName)) {
        return [];
      }
      return Object.keys(byName)
        .sort(compareText)
        .flatMap((name) => {
          const body = byName[name];
          return isObject(body) ? [{ type, name, body }] : [];
        });
    });
}

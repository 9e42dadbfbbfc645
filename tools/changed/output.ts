import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { NAMESPACE_PREFIX } from "../../tenancy";
import { UsageError } from "../cli/command";
import { isObject, type Json, type JsonObject } from "../manifests/json";

/** One stack as a synth wrote it; its document is parsed when it is asked for, since most stacks are the same to the byte. */
export interface OutputStack {
  readonly name: string;
  readonly text: string;
  readonly dependencies: readonly string[];
}

/** Something that Terraform manages or reads under an address. */
export interface Block {
  /** `aws_vpc.main`, `data.aws_region.current`, `local.cluster_name`, `output.vpc_id`, `provider.aws`, `terraform`. */
  readonly address: string;
  /** Resource type; undefined for all that is no resource. */
  readonly type?: string;
  /** The tenant whose construct made it. */
  readonly tenant?: string;
  readonly body: Json;
}

/**
 * The stacks of an output folder, by name.
 *
 * @param option - the option that named the folder, for the message
 * @throws UsageError if nothing was synthesized into the folder
 */
export function readOutput(folder: string, option: string): ReadonlyMap<string, OutputStack> {
  const manifest = join(folder, "manifest.json");
  if (!existsSync(manifest)) {
    throw new UsageError(`${option} ${folder}: no manifest.json; synthesize into it first`);
  }
  const { stacks } = JSON.parse(readFileSync(manifest, "utf8")) as {
    stacks: Record<string, { synthesizedStackPath: string; dependencies?: string[] }>;
  };
  return new Map(
    Object.entries(stacks)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { synthesizedStackPath, dependencies = [] }]) => [
        name,
        { name, text: readFileSync(join(folder, synthesizedStackPath), "utf8"), dependencies },
      ]),
  );
}

/** Everything that stands in a stack, by address. */
export function blocksOf(stack: OutputStack | undefined): ReadonlyMap<string, Block> {
  const document = stack === undefined ? {} : (JSON.parse(stack.text) as JsonObject);
  const blocks = Object.entries(document)
    .filter(([section]) => section !== "//")
    .flatMap(([section, value]) => sectionBlocks(section, value ?? null));
  return new Map(blocks.map((block) => [block.address, block]));
}

/** Whether CI can reach the stack's state: one that is kept beside the project is applied by hand. */
export function hasRemoteState(stack: OutputStack): boolean {
  const { terraform } = JSON.parse(stack.text) as { terraform?: { backend?: object } };
  return !Object.hasOwn(terraform?.backend ?? {}, "local");
}

function sectionBlocks(section: string, value: Json): readonly Block[] {
  if (!isObject(value)) {
    return [{ address: section, body: value }];
  }
  const entries = Object.entries(value);
  switch (section) {
    case "resource":
      return entries.flatMap(([type, byName]) =>
        Object.entries(isObject(byName) ? byName : {}).map(([name, body]) => resource(type, name, body ?? null)),
      );
    case "data":
      return entries.flatMap(([type, byName]) =>
        Object.entries(isObject(byName) ? byName : {}).map(([name, body]) => ({
          address: `data.${type}.${name}`,
          body: body ?? null,
        })),
      );
    case "locals":
    case "output":
    case "provider":
      return entries.map(([name, body]) => ({
        address: `${section === "locals" ? "local" : section}.${name}`,
        body: body ?? null,
      }));
    default:
      return [{ address: section, body: value }];
  }
}

function resource(type: string, name: string, body: Json): Block {
  const tenant = tenantOf(name, body);
  return { address: `${type}.${name}`, type, ...(tenant === undefined ? {} : { tenant }), body };
}

/** A tenant's construct bears the namespace's name, and so begins the path and the name of all that it makes. */
function tenantOf(name: string, body: Json): string | undefined {
  const comment = isObject(body) ? body["//"] : undefined;
  const metadata = isObject(comment) ? comment["metadata"] : undefined;
  const path = isObject(metadata) ? metadata["path"] : undefined;
  const construct = typeof path === "string" ? path.split("/")[1] : name.split("_")[0];
  return construct?.startsWith(NAMESPACE_PREFIX) ? construct.slice(NAMESPACE_PREFIX.length) : undefined;
}

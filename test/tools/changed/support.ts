import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Output } from "../../../tools/changed/compare";
import type { JsonObject } from "../../../tools/manifests/json";

/** Stacks as a synth leaves them, without the files. */
export function output(
  stacks: Readonly<Record<string, JsonObject>>,
  dependencies: Readonly<Record<string, readonly string[]>> = {},
): Output {
  return new Map(
    Object.entries(stacks).map(([name, document]) => [
      name,
      { name, text: JSON.stringify(document), dependencies: dependencies[name] ?? [] },
    ]),
  );
}

/** The same as files; gives the folder. */
export function writeStacks(folder: string, stacks: Readonly<Record<string, JsonObject>>): string {
  for (const [name, document] of Object.entries(stacks)) {
    mkdirSync(join(folder, "stacks", name), { recursive: true });
    writeFileSync(join(folder, "stacks", name, "cdk.tf.json"), JSON.stringify(document));
  }
  const entries = Object.keys(stacks).map((name) => [
    name,
    { name, synthesizedStackPath: `stacks/${name}/cdk.tf.json`, dependencies: [] },
  ]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "manifest.json"), JSON.stringify({ stacks: Object.fromEntries(entries) }));
  return folder;
}

/** A stack of resources by type and name. */
export function stack(resource: Readonly<Record<string, JsonObject>>): JsonObject {
  return { resource };
}

/** What a tenant's construct makes, as far as comparisons look at it. */
export function tenantResources(id: string, pods = 10): Readonly<Record<string, JsonObject>> {
  return {
    aws_lambda_invocation: {
      [`tenant-${id}_database_01350EC7`]: { function_name: "${local.function}", input: `{"tenant":{"id":"${id}"}}` },
    },
    kubernetes_resource_quota_v1: {
      [`tenant-${id}_quota_21F924A3`]: {
        metadata: { name: "tenant", namespace: `tenant-${id}` },
        spec: { hard: { pods } },
      },
    },
  };
}

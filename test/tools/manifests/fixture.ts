import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../../tools/manifests/json";

const folders: string[] = [];

/** Writes stacks as cdktf lays them out and gives the folder. */
export function writeOutput(stacks: Readonly<Record<string, JsonObject>>): string {
  const outDir = mkdtempSync(join(tmpdir(), "taskflow-manifests-"));
  folders.push(outDir);
  const entries = Object.entries(stacks).map(([name, document]) => {
    const synthesizedStackPath = `stacks/${name}/cdk.tf.json`;
    mkdirSync(join(outDir, "stacks", name), { recursive: true });
    writeFileSync(join(outDir, synthesizedStackPath), JSON.stringify(document));
    return [name, { name, synthesizedStackPath }] as const;
  });
  writeFileSync(join(outDir, "manifest.json"), JSON.stringify({ stacks: Object.fromEntries(entries) }));
  return outDir;
}

/** Removes what writeOutput wrote. */
export function removeOutputs(): void {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true });
  }
}

/** A namespace with its labels, as the Kubernetes provider has it. */
export function namespace(name: string, labels: JsonObject = {}): JsonObject {
  return { metadata: { name, labels }, wait_for_default_service_account: false };
}

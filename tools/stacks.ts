import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a synth wrote, as far as this command reads it. */
interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly synthesizedStackPath: string; readonly dependencies: string[] }>>;
}

interface StackSummary {
  readonly name: string;
  readonly resources: number;
  readonly dependencies: readonly string[];
}

/** The stacks of an output folder with the number of their resources, by name. */
export function summarize(outdir: string): readonly StackSummary[] {
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as Manifest;
  return Object.entries(manifest.stacks).map(([name, stack]) => {
    const json = JSON.parse(readFileSync(join(outdir, stack.synthesizedStackPath), "utf8")) as {
      resource?: Record<string, object>;
    };
    const resources = Object.values(json.resource ?? {}).reduce((sum, byId) => sum + Object.keys(byId).length, 0);
    return { name, resources, dependencies: stack.dependencies };
  });
}

/** A table of the stacks, and their sum. */
export function table(stacks: readonly StackSummary[]): string {
  const total = stacks.reduce((sum, stack) => sum + stack.resources, 0);
  const rows = [
    ["stack", "resources", "needs"],
    ...stacks.map(({ name, resources, dependencies }) => [name, String(resources), dependencies.join(", ") || "–"]),
    [`${stacks.length} stacks`, String(total), ""],
  ];
  return rows
    .map(([name = "", resources = "", needs = ""]) => `${name.padEnd(14)} ${resources.padStart(9)}  ${needs}`.trimEnd())
    .join("\n");
}

if (require.main === module) {
  const outdir = process.argv[2] ?? process.env["CDKTF_OUTDIR"] ?? "cdktf.out";
  console.log(`${table(summarize(outdir))}\nwritten to ${outdir}`);
}

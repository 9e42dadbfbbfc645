import { type StackSummary, summarizeStacks } from "./report/stack-summary";

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
  console.log(`${table(summarizeStacks(outdir))}\nwritten to ${outdir}`);
}

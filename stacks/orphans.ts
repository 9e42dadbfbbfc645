import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { type App, TerraformStack } from "cdktf";

/** Removes what an earlier synth left of stacks that the app no longer has, as `cdktf synth` does. */
export function removeOrphans(app: App): void {
  const stacks = new Set(app.node.children.filter(TerraformStack.isStack).map((stack) => stack.node.id));
  const folder = join(app.outdir, "stacks");
  for (const name of readdirSync(folder)) {
    if (!stacks.has(name)) {
      rmSync(join(folder, name), { recursive: true });
    }
  }
}

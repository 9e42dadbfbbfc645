import { join } from "node:path";
import { report } from "../engines/cache";
import { Run } from "../run";
import { MeshCluster } from "./cluster";
import { ensureEngines, startWorld, synthesizeFleet, type World } from "./world";

declare global {
  /** The running mesh: the set-up, the environment of the tests and the tear-down share one realm. */
  var conformanceWorld: World | undefined;
}

/** Starts the mesh that all files of this folder test. */
export default async function setup(): Promise<void> {
  const run = Run.create();
  let cluster: MeshCluster | undefined;
  try {
    await ensureEngines();
    const outDir = await synthesizeFleet(join(run.folder, "fleet"));
    cluster = new MeshCluster(run.folder, outDir, `tf${process.pid}`);
    globalThis.conformanceWorld = await startWorld(cluster);
  } catch (error) {
    await cluster?.stop();
    run.markFailed();
    report(`set-up failed; logs: ${run.close() ?? "none"}`);
    throw error;
  }
}

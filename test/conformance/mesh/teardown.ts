import { endRun, type TeardownOptions } from "../criteria";

/** Stops the mesh, and ends the run. */
export default async function teardown(options: TeardownOptions): Promise<void> {
  await globalThis.conformanceWorld?.cluster.stop();
  endRun(options, "the engines' logs");
}

import { report } from "../engines/cache";
import { Run } from "../run";
import { recordedSections, writePage } from "../criteria";

/**
 * Stops the mesh; keeps its logs if anything failed, and else writes down what was shown. A run of some tests of a file
 * (`-t`) has not shown all that its sections say.
 */
export default async function teardown({ testNamePattern }: { readonly testNamePattern?: string }): Promise<void> {
  await globalThis.conformanceWorld?.cluster.stop();
  const sections = recordedSections();
  const run = Run.current();
  if (run.close() !== undefined) {
    report(`the engines' logs are kept below ${run.folder}`);
  } else if (!testNamePattern) {
    writePage(sections);
  }
}

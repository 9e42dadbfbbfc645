import { recordedSections, writePage } from "../criteria";
import { report } from "../engines/cache";
import { Run } from "../run";

/**
 * Removes what the run left; keeps data and logs if anything failed, and else writes down what was shown. A run of some
 * tests of a file (`-t`) has not shown all that its section says.
 */
export default function teardown({ testNamePattern }: { readonly testNamePattern?: string }): void {
  const sections = recordedSections();
  const run = Run.current();
  if (run.close() !== undefined) {
    report(`the engines' data and logs are kept in ${run.folder}`);
  } else if (!testNamePattern) {
    writePage(sections);
  }
}

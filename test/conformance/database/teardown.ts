import { recordedSections, writePage } from "../criteria";
import { report } from "../engines/cache";
import { Run } from "../run";
import { closeRun } from "./programs";

/**
 * Removes what the run left; keeps the servers' folders with their logs if anything failed, and else writes down what was
 * shown. A run of some tests of a file (`-t`) has not shown all that its section says.
 */
export default function teardown({ testNamePattern }: { readonly testNamePattern?: string }): void {
  const sections = recordedSections();
  const kept = closeRun(Run.current());
  if (kept !== undefined) {
    report(`the servers' data and logs are kept in ${kept}`);
  } else if (!testNamePattern) {
    writePage(sections);
  }
}

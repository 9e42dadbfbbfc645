import { report } from "../engines/cache";
import { recordedSections, writePage } from "../criteria";
import { Run } from "../run";
import { recordedCapacity, writeCapacityPage } from "./page";

/**
 * Removes what the run left; keeps the engines' logs if anything failed, and else writes down what was measured. A run of
 * some tests (`-t`) has not measured all that the page says.
 */
export default function teardown({ testNamePattern }: { readonly testNamePattern?: string }): void {
  const [sections, capacity] = [recordedSections(), recordedCapacity()];
  const run = Run.current();
  if (run.close() !== undefined) {
    report(`the engines' logs are kept below ${run.folder}`);
  } else if (!testNamePattern && capacity !== undefined) {
    writeCapacityPage(capacity);
    writePage(sections);
  }
}

import { endRun, type TeardownOptions, writePage } from "../criteria";
import { recordedCapacity, writeCapacityPage } from "./page";

/** Ends the run, with a page of its own: without all of it nothing is written. */
export default function teardown(options: TeardownOptions): void {
  const capacity = recordedCapacity();
  endRun(options, "the engines' logs", (sections) => {
    if (capacity !== undefined) {
      writeCapacityPage(capacity);
      writePage(sections);
    }
  });
}

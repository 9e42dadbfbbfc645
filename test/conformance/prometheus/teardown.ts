import { endRun, type TeardownOptions } from "../criteria";

/** Ends the run. */
export default function teardown(options: TeardownOptions): void {
  endRun(options, "the engines' data and logs");
}

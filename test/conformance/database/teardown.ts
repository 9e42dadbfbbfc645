import { endRun, type TeardownOptions, writePage } from "../criteria";
import { closeRun } from "./programs";

/** Ends the run; the servers' programs go in any case. */
export default function teardown(options: TeardownOptions): void {
  endRun(options, "the servers' data and logs", writePage, closeRun);
}

import { report } from "../engines/cache";
import { Run } from "../run";
import { closeRun } from "./programs";

/** Removes what the run left; keeps the servers' folders with their logs if anything failed. */
export default function teardown(): void {
  const kept = closeRun(Run.current());
  if (kept !== undefined) {
    report(`the servers' data and logs are kept in ${kept}`);
  }
}

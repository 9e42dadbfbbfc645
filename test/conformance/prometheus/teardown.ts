import { report } from "../engines/cache";
import { Run } from "../run";

/** Removes what the run left; keeps data and logs if anything failed. */
export default function teardown(): void {
  const run = Run.current();
  if (run.close() !== undefined) {
    report(`the engines' data and logs are kept in ${run.folder}`);
  }
}

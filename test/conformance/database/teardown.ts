import { rmSync } from "node:fs";
import { report } from "../engines/cache";
import { Run } from "../run";
import { programsFolder } from "./folders";

/** Removes what the run left; keeps the servers' folders with their logs if anything failed. */
export default function teardown(): void {
  const run = Run.current();
  rmSync(programsFolder(run), { recursive: true, force: true });
  if (run.close() !== undefined) {
    report(`the servers' data and logs are kept in ${run.folder}`);
  }
}

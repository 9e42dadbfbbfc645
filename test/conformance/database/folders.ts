import { join } from "node:path";
import type { Run } from "../run";

/** Where a run keeps the programs that it unpacked. */
export function programsFolder(run: Run): string {
  return join(run.folder, "programs");
}

/** Where a server of the run keeps its data and its log. */
export function serverFolder(run: Run, name: string): string {
  return join(run.folder, name);
}

import { ensureEngines } from "../mesh/world";
import { Run } from "../run";

/** Makes sure of the programs; the test starts them. */
export default async function setup(): Promise<void> {
  await ensureEngines();
  Run.create();
}

import { report } from "./engines/cache";
import { Run } from "./run";

/** Stops the engines; keeps their logs if anything failed. */
export default async function teardown(): Promise<void> {
  await globalThis.conformanceControlPlane?.stop();
  const logs = Run.current().close();
  if (logs !== undefined) {
    report(`the engines' logs are kept in ${logs}`);
  }
}

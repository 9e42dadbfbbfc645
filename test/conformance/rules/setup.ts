import { ensurePrometheus } from "../prometheus/binaries";

/** Makes sure of promtool. */
export default async function setup(): Promise<void> {
  await ensurePrometheus();
}

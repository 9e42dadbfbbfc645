import { type Host, run } from "../mesh/hosts";

const METRICS = "http://127.0.0.1:15014/metrics";

/** CPU seconds that istiod has used since its start. */
export async function cpuSecondsOf(host: Host): Promise<number> {
  const { stdout } = await run(host, ["curl", "-s", "-m", "10", METRICS]);
  const value = /^process_cpu_seconds_total (\S+)$/m.exec(stdout)?.[1];
  if (value === undefined) {
    throw new Error(`istiod's metrics have no process_cpu_seconds_total: ${stdout.slice(0, 200)}`);
  }
  return Number(value);
}

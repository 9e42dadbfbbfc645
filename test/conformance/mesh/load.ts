import { join } from "node:path";
import { PORTS } from "../../../config";
import { run } from "./hosts";
import type { RunningPod } from "./pod";
import { SERVICE_ACCOUNT_ID } from "./service-program";
import type { World } from "./world";

/** Requests of one client from the Internet to one tenant, evenly spaced, whether or not answers come. */
export interface Stream {
  /** The tenant's host. */
  readonly host: string;
  readonly path: string;
  /** Besides `Host`. @default - none */
  readonly headers?: Readonly<Record<string, string>>;
  readonly perSecond: number;
  /** When it sends: pairs of seconds from the start. */
  readonly pulses: readonly (readonly [from: number, until: number])[];
}

/** What came of one request. */
export interface Sample {
  /** When it was sent, in milliseconds from the start. */
  readonly sentAt: number;
  /** Of HTTP; without an answer the code of the network's error. */
  readonly status: number | string;
  readonly milliseconds: number;
  /** Name of the service that answered. @default - a proxy did, or nobody */
  readonly servedBy?: string;
}

/** What came of a stream. */
export interface StreamResult {
  readonly samples: readonly Sample[];
  /** Headers of its first 429. @default - there was none */
  readonly limited?: Readonly<Record<string, string>>;
}

interface Printed {
  readonly samples: readonly (readonly [
    sentAt: number,
    status: number | string,
    milliseconds: number,
    servedBy: string | null,
  ])[];
  readonly limited?: Readonly<Record<string, string>>;
}

/**
 * Sends streams from the load balancer, in turn to each of the gateway's replicas, until all are answered.
 *
 * @param startAt - milliseconds since 1970 @default - now
 */
export async function sendLoad(
  world: Pick<World, "cluster">,
  gateways: readonly RunningPod[],
  streams: readonly Stream[],
  startAt = Date.now() + STARTING_MILLISECONDS,
): Promise<readonly StreamResult[]> {
  const addresses = gateways.map(({ host }) => host.address);
  const load = JSON.stringify({ addresses, port: PORTS.gatewayHttps, startAt, streams });
  const program = [process.execPath, join(__dirname, "programs/load.js"), load];
  const { stdout, stderr } = await run(world.cluster.loadBalancer, program, SERVICE_ACCOUNT_ID);
  if (stdout === "") {
    throw new Error(`load: ${stderr}`);
  }
  return (JSON.parse(stdout) as readonly Printed[]).map(({ samples, limited }) => ({
    samples: samples.map(([sentAt, status, milliseconds, servedBy]) => ({
      sentAt,
      status,
      milliseconds,
      ...(servedBy === null ? {} : { servedBy }),
    })),
    ...(limited === undefined ? {} : { limited }),
  }));
}

/** What the program needs before its first request. */
export const STARTING_MILLISECONDS = 1_000;

/** How many answers had a status. */
export function countOf({ samples }: StreamResult, status: number): number {
  return samples.filter((sample) => sample.status === status).length;
}

/** Statuses, and codes of errors, other than the statuses expected. */
export function statusesBut({ samples }: StreamResult, ...expected: readonly number[]): readonly (number | string)[] {
  return samples.map(({ status }) => status).filter((status) => !expected.some((wanted) => wanted === status));
}

/** The 99th percentile of latencies, in milliseconds. */
export function p99(samples: readonly Sample[]): number {
  const sorted = samples.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
}

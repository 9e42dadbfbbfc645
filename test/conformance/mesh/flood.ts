import type { TierName } from "../../../config";
import type { LimitedTenant } from "./limits";
import { p99, type Sample, sendLoad, type StreamResult } from "./load";
import type { World } from "./world";

/** Seconds of a round: half of it idle, half of it flooded. The first round only opens connections. */
const ROUND = 6;
const HALF = ROUND / 2;
const ROUNDS = 11;

/** Seconds that a flood with its pauses takes. */
export const FLOOD_SECONDS = ROUND * ROUNDS;

/** Ten times a starter tenant's limit in all, and little enough for the machine: what is shown is the limit's work. */
const FLOOD_PER_SECOND = 100;

/** What neighbours send, each below its limit. */
const PER_SECOND: Readonly<Record<TierName, number>> = { starter: 4, standard: 15, enterprise: 30 };

const PATH = "/api/users";

/** What a flood did to the one who sent it and to the others. */
export interface Flood {
  readonly flooder: StreamResult;
  readonly neighbours: readonly StreamResult[];
  /** The neighbours' 99th percentile without the flood, in milliseconds. */
  readonly idle: number;
  /** The same with it. */
  readonly flooded: number;
}

/** Has one tenant flood a gateway in turns, while its neighbours send as they always do. */
export async function flood(
  world: World,
  flooder: LimitedTenant,
  neighbours: readonly LimitedTenant[],
): Promise<Flood> {
  const starts = Array.from({ length: ROUNDS }, (_, round) => round * ROUND);
  const streams = [
    {
      host: flooder.host,
      path: PATH,
      perSecond: FLOOD_PER_SECOND,
      pulses: starts.map((start) => [start + HALF, start + ROUND] as const),
    },
    ...neighbours.map(({ host, tier }) => ({
      host,
      path: PATH,
      perSecond: PER_SECOND[tier],
      pulses: [[0, FLOOD_SECONDS] as const],
    })),
  ];
  const [first = { samples: [] }, ...others] = await sendLoad(world, [world.gateway], streams);
  return { flooder: first, neighbours: others, idle: latency(others, 0), flooded: latency(others, HALF) };
}

/** Latency in one half of all rounds but the first. */
function latency(results: readonly StreamResult[], from: number): number {
  const within = ({ sentAt }: Sample): boolean => {
    const second = sentAt / 1_000;
    return second >= ROUND && second % ROUND >= from && second % ROUND < from + HALF;
  };
  return p99(results.flatMap(({ samples }) => samples.filter(within)));
}

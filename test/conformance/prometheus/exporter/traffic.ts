import type { FleetTenant } from "./fleet";

/** What happens to the fleet. */
export interface Load {
  /** Requests a second of each tenant; 0: nobody works. */
  readonly requestsPerSecond: number;
  /** Tenants whose requests all take over a second. */
  readonly slow: readonly string[];
  /**
   * Response codes that gateways tell apart beyond the planned ones.
   * @default 0
   */
  readonly furtherCodes?: number;
}

export const IDLE: Load = { requestsPerSecond: 0, slow: [] };

/** Share of a tenant's requests that fail: noise below any objective. */
export const FAILED_SHARE = 0.0002;

/** Upper bounds of Istio's buckets of request durations, in milliseconds, as Envoy writes them. */
export const BUCKETS = [
  "0.5",
  "1",
  "5",
  "10",
  "25",
  "50",
  "100",
  "250",
  "500",
  "1000",
  "2500",
  "5000",
  "10000",
  "30000",
  "60000",
  "300000",
  "600000",
  "1800000",
  "3600000",
  "+Inf",
] as const;

/** Share of the requests below each bound: a median of 20 ms and a P99 of 100 ms, or 1 to 2.5 s for all. */
const FAST = shares([10, 0.2], [25, 0.6], [50, 0.9], [100, 0.992], [250, 1]);
const SLOW = shares([2_500, 1]);

/** Milliseconds of one request, on average. */
const FAST_MILLISECONDS = 30;
const SLOW_MILLISECONDS = 1_700;

function shares(...steps: readonly (readonly [from: number, share: number])[]): readonly number[] {
  const bounds = BUCKETS.map((bound) => (bound === "+Inf" ? Infinity : Number(bound)));
  return bounds.map((bound) => steps.reduce((reached, [from, share]) => (bound >= from ? share : reached), 0));
}

/** What one tenant's clients have asked so far. */
export interface Counters {
  readonly requests: number;
  /** Requests that took no longer than each of BUCKETS. */
  readonly within: readonly number[];
  /** Milliseconds in all. */
  readonly duration: number;
}

/** A part of what was counted. */
export function share({ requests, within, duration }: Counters, part: number): Counters {
  const of = (value: number): number => Math.floor(value * part);
  return { requests: of(requests), within: within.map(of), duration: of(duration) };
}

interface Tally {
  fast: number;
  slow: number;
}

/** Counts requests as time goes by; every proxy shows its share of the same counters, so that none ever runs backwards. */
export class Traffic {
  private readonly tallies: ReadonlyMap<string, Tally>;
  private load: Load = IDLE;
  private seconds: number | undefined;

  public constructor(fleet: readonly FleetTenant[]) {
    this.tallies = new Map(fleet.map(({ id }) => [id, { fast: 0, slow: 0 }]));
  }

  public get current(): Load {
    return this.load;
  }

  /** Changes what happens from now on. */
  public change(load: Load, seconds: number): void {
    this.advance(seconds);
    this.load = load;
  }

  /** Lets time pass until then. */
  public advance(seconds: number): void {
    const passed = seconds - (this.seconds ?? seconds);
    this.seconds = seconds;
    const slow = new Set(this.load.slow);
    for (const [id, tally] of this.tallies) {
      tally[slow.has(id) ? "slow" : "fast"] += passed * this.load.requestsPerSecond;
    }
  }

  /** A proxy's part of a tenant's counters. */
  public of(id: string, part: number): Counters {
    const { fast, slow } = this.tallies.get(id) ?? { fast: 0, slow: 0 };
    const within = BUCKETS.map((_, index) => fast * (FAST[index] ?? 0) + slow * (SLOW[index] ?? 0));
    return share(
      { requests: fast + slow, within, duration: fast * FAST_MILLISECONDS + slow * SLOW_MILLISECONDS },
      part,
    );
  }
}

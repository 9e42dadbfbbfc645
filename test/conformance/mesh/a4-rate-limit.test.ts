import { measured } from "../page";
import { FAILED_OPEN, failedOpen, fillWindow, GlobalLimitFilter, isAsked, type Window } from "./global-limit";
import { flood, type Flood, FLOOD_SECONDS } from "./flood";
import { bucketOf, type LimitedTenant, tenantOfEachTier } from "./limits";
import { countOf, sendLoad, statusesBut, type Stream, type StreamResult } from "./load";
import type { RunningPod } from "./pod";
import { record } from "../criteria";
import { theWorld } from "./world";

const world = theWorld();
const { cluster, pods, shared } = world;

/** Replicas of the gateway: a single one, and what production has at least and at most. */
const REPLICAS = [1, 3, 15] as const;

/** Gateways that come up together: all at once they starve each other. */
const STARTED_AT_ONCE = 7;

/** Share of its limit by which a tenant may get more or less (criterion A4). */
const TOLERANCE = 0.02;

const BURST_SECONDS = 8;

const NOTHING: StreamResult = { samples: [] };

const tenants = tenantOfEachTier(0);
const neighbours = tenantOfEachTier(1);

/** The one that floods, and the one of its tier that does not. */
const [flooder, quiet] = [tenants, neighbours].map((all) => all.find(({ tier }) => tier === "starter")) as [
  LimitedTenant,
  LimitedTenant,
];

const rows: string[][] = [];
const gateways: RunningPod[] = [world.gateway];

beforeAll(async () => {
  while (gateways.length < Math.max(...REPLICAS)) {
    const names = Array.from({ length: STARTED_AT_ONCE }, (_, index) => String(gateways.length + index));
    gateways.push(...(await Promise.all(names.map((name) => pods.startGateway(name)))));
  }
}, 300_000);

afterAll(async () => {
  await Promise.all(gateways.slice(1).map((gateway) => pods.stop(gateway)));
  await shared.store.clear();
  record({
    id: "A4",
    title: "the API limit of each tenant is applied, and applied to that tenant alone",
    text: [
      "Clients call the tenants' hosts over TLS, as the load balancer passes them on; the gateway asks the rate limit service,",
      "whose two replicas count in Redis. A minute is one of the clock's, in which each tenant sends 30 % more than its limit,",
      "in turn to each of the gateway's replicas. Of up to five floods the calmest counts: on a machine that does other work too,",
      "the slowest hundredth of requests is its doing.",
    ].join("\n"),
    columns: ["check", "to hold", "seen"],
    rows,
  });
});

/** True if a tenant got its limit, no more and no less, within the tolerance. */
function isHeldTo(limit: number, result: StreamResult): boolean {
  return Math.abs(countOf(result, 200) - limit) <= limit * TOLERANCE;
}

function stream(tenant: LimitedTenant, perSecond: number, seconds: number, path = "/api/tasks"): Stream {
  return { host: tenant.host, path, perSecond, pulses: [[0, seconds]] };
}

/** More than twice a tenant's limit in a few seconds: two minutes that meet in them cannot take it. */
async function burst(tenant: LimitedTenant, path: string): Promise<StreamResult> {
  const perSecond = (tenant.requestsPerMinute * 2.2) / BURST_SECONDS;
  const [result = NOTHING] = await sendLoad(world, [world.gateway], [stream(tenant, perSecond, BURST_SECONDS, path)]);
  return result;
}

describe.each(REPLICAS)("in one minute, at %i replicas of the gateway", (replicas) => {
  let window: Window;

  beforeAll(async () => {
    window = await fillWindow(world, gateways.slice(0, replicas), tenants);
  }, 500_000);

  test.each(tenants.map((tenant, index) => ({ ...tenant, index })))(
    "a tenant of tier $tier gets its limit within 2 %, and 429 beyond it",
    ({ tier, index, requestsPerMinute }) => {
      const result = window.results[index] ?? NOTHING;
      rows.push([
        `${tier}: requests that pass in a minute at ${replicas} ${replicas === 1 ? "replica" : "replicas"}`,
        `${requestsPerMinute} ± 2 %`,
        measured(countOf(result, 200), `of ${result.samples.length}`),
      ]);
      expect(statusesBut(result, 200, 429)).toEqual([]);
      expect({ passed: countOf(result, 200), held: isHeldTo(requestsPerMinute, result) }).toMatchObject({ held: true });
    },
  );

  test("a refusal says so by the standard headers", () => {
    for (const [index, { requestsPerMinute }] of tenants.entries()) {
      expect(window.results[index]?.limited).toMatchObject({
        "x-envoy-ratelimited": "true",
        "x-ratelimit-limit": `${requestsPerMinute}, ${requestsPerMinute};w=60`,
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": expect.stringMatching(/^[1-5]?\d$/),
      });
    }
  });
});

describe("while one tenant floods the gateway", () => {
  /** What the criterion allows. */
  const BOUND = 1.2;
  /** Noise only adds: the attempt with the smallest ratio says most of the flood. */
  const ATTEMPTS = 5;
  const floods: Flood[] = [];
  const ratio = ({ idle, flooded }: Flood): number => flooded / idle;

  beforeAll(async () => {
    while (floods.length < ATTEMPTS && !floods.some((attempt) => ratio(attempt) <= BOUND)) {
      floods.push(await flood(world, flooder, neighbours));
    }
  }, 400_000);

  test("it is refused", () => {
    const minutes = Math.ceil(FLOOD_SECONDS / 60) + 1;
    for (const { flooder: result } of floods) {
      expect(statusesBut(result, 200, 429)).toEqual([]);
      expect(countOf(result, 200)).toBeLessThanOrEqual(flooder.requestsPerMinute * minutes * (1 + TOLERANCE));
    }
    const [first] = floods.map((attempt) => attempt.flooder);
    rows.push([
      `flood: ${first?.samples.length ?? 0} requests of one starter tenant within ${FLOOD_SECONDS} s`,
      "429 beyond its limit",
      measured(countOf(first ?? NOTHING, 429), "× 429"),
    ]);
  });

  test("its neighbours lose no request", () => {
    expect(floods.flatMap((attempt) => attempt.neighbours).flatMap((result) => statusesBut(result, 200))).toEqual([]);
    const sent = floods[0]?.neighbours.flatMap(({ samples }) => samples).length ?? 0;
    rows.push(["flood: its neighbours, one of each tier", "200 alone", `${sent} × 200`]);
  });

  test("its neighbours wait no longer", () => {
    const [best] = [...floods].sort((a, b) => ratio(a) - ratio(b));
    const { idle, flooded } = best ?? { idle: NaN, flooded: NaN };
    rows.push([
      "flood: its neighbours' P99, by turns of 3 s with and without it",
      `at most ${BOUND * 100} % of idle`,
      `${measured((flooded / idle) * 100, "%")} (${measured(flooded, "ms")} to ${measured(idle, "ms")})`,
    ]);
    expect(flooded / idle).toBeLessThanOrEqual(BOUND);
  });
});

test("without the filter that asks the service nobody is refused: the checks above can fail", async () => {
  const filter = new GlobalLimitFilter(world);
  await filter.remove();
  const result = await burst(quiet, "/api/tasks").finally(() => filter.restore());
  rows.push([
    `counter-check: without the EnvoyFilter, ${result.samples.length} requests of a starter tenant in ${BURST_SECONDS} s`,
    "200 alone",
    `${countOf(result, 200)} × 200`,
  ]);
  expect(statusesBut(result, 200)).toEqual([]);
  expect(isHeldTo(quiet.requestsPerMinute, result)).toBe(false);
}, 120_000);

describe("with the service dead", () => {
  /** Twice the bucket of the flooder's sidecar, in a time in which it is filled up by a third. */
  const SECONDS = 20;
  const bucket = bucketOf(flooder.tier);

  beforeAll(() => Promise.all(shared.rateLimit.map((server) => server.stop())));

  afterAll(() => Promise.all(shared.rateLimit.map((server) => server.start())), 120_000);

  test("requests pass, the local bucket caps them, and the alert's metric moves", async () => {
    const before = await failedOpen([world.gateway]);
    const flooding = stream(flooder, (bucket * 2) / SECONDS, SECONDS);
    const usual = neighbours.map((tenant) => stream(tenant, 4, SECONDS));
    const [flooded = NOTHING, ...others] = await sendLoad(world, [world.gateway], [flooding, ...usual]);
    const unasked = (await failedOpen([world.gateway])) - before;
    const lastSentAt = Math.max(...flooded.samples.map(({ sentAt }) => sentAt));
    const tokens = bucket * (1 + lastSentAt / 60_000);
    rows.push(
      [
        "service dead: tenants within their limits",
        "200 alone",
        `${others.flatMap(({ samples }) => samples).length} × 200`,
      ],
      [
        `service dead: ${flooded.samples.length} requests of one starter tenant, which its sidecar's bucket caps`,
        `${bucket} and what is filled up meanwhile`,
        `${measured(countOf(flooded, 200), "× 200")}, the rest 429`,
      ],
      [`service dead: \`${FAILED_OPEN}\``, "moves", measured(unasked, "more")],
    );
    expect(others.flatMap((other) => statusesBut(other, 200))).toEqual([]);
    expect(statusesBut(flooded, 200, 429)).toEqual([]);
    expect(countOf(flooded, 200)).toBeGreaterThanOrEqual(bucket);
    expect(countOf(flooded, 200)).toBeLessThanOrEqual(tokens * (1 + TOLERANCE));
    expect(flooded.limited).toMatchObject({ "x-rate-limited-by": "sidecar" });
    expect(unasked).toBeGreaterThanOrEqual(flooded.samples.length);
  }, 180_000);
});

test("once the service is back, the limit holds again", () => holdsAgain("the service", "/api/projects"), 180_000);

describe("with Redis dead", () => {
  const SECONDS = 10;

  beforeAll(() => shared.store.stop());

  afterAll(() => shared.store.start());

  test("requests pass, and the alert's metric moves", async () => {
    const before = await failedOpen([world.gateway]);
    const usual = neighbours.map((tenant) => stream(tenant, 4, SECONDS));
    const others = await sendLoad(world, [world.gateway], usual);
    const unasked = (await failedOpen([world.gateway])) - before;
    const sent = others.flatMap(({ samples }) => samples);
    rows.push(
      ["Redis dead: tenants within their limits", "200 alone", `${sent.length} × 200`],
      [`Redis dead: \`${FAILED_OPEN}\``, "moves", measured(unasked, "more")],
    );
    expect(others.flatMap((other) => statusesBut(other, 200))).toEqual([]);
    expect(unasked).toBe(sent.length);
  }, 120_000);
});

test("once Redis is back, the limit holds again", () => holdsAgain("Redis", "/api/users"), 180_000);

async function holdsAgain(what: string, path: string): Promise<void> {
  await cluster.client.waitFor("the service to be asked", () => isAsked(world));
  const result = await burst(quiet, path);
  rows.push([`${what} back: the same tenant's limit`, "429", measured(countOf(result, 429), "× 429")]);
  expect(result.limited).toMatchObject({ "x-ratelimit-remaining": "0" });
}

import { setTimeout as sleep } from "node:timers/promises";
import { NAMESPACES, PORTS } from "../../../config";
import { gatewayAlerts } from "../../../constructs/observability/rules/gateway-alerts";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { run } from "./hosts";
import { type LimitedTenant, tenantOfEachTier } from "./limits";
import { sendLoad, STARTING_MILLISECONDS, type StreamResult } from "./load";
import type { RunningPod } from "./pod";
import type { World } from "./world";

/** The service counts in whole minutes of the clock. */
const WINDOW_MILLISECONDS = 60_000;

/** Share of its limit that each tenant sends beyond it. */
const EXCESS = 0.3;

/** Seconds of a window in which requests are sent: not its edges, where two clocks might disagree. */
const SENDING: readonly [number, number] = [0.5, 56];

/** Share of requests that may pass unasked, for want of an answer within 50 ms, in a window that measures the limit. */
const UNASKED_SHARE = 0.002;
const ATTEMPTS = 3;

/** What a window let pass. */
export interface Window {
  readonly results: readonly StreamResult[];
  /** Requests that passed because the service did not answer in time. */
  readonly unasked: number;
}

/**
 * Has all tenants send more than their limits within one whole window, spread over the gateway's replicas. A window in which
 * the machine was too busy for the service to be asked is none that measures the limit, and another is taken.
 */
export async function fillWindow(
  world: World,
  gateways: readonly RunningPod[],
  tenants: readonly LimitedTenant[],
): Promise<Window> {
  let window: Window = { results: [], unasked: Infinity };
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await failedOpen(gateways);
    const results = await sendLoad(world, gateways, tenants.map(streamOf), await nextWindow());
    const unasked = (await failedOpen(gateways)) - before;
    window = { results, unasked };
    const sent = results.flatMap(({ samples }) => samples);
    const inTime = sent.every(({ sentAt, milliseconds }) => sentAt + milliseconds < WINDOW_MILLISECONDS);
    if (inTime && unasked <= sent.length * UNASKED_SHARE) {
      break;
    }
  }
  return window;
}

function streamOf({ host, requestsPerMinute }: LimitedTenant) {
  const [from, until] = SENDING;
  const perSecond = (requestsPerMinute * (1 + EXCESS)) / (until - from);
  return { host, path: "/api/tasks", perSecond, pulses: [SENDING] };
}

/** Waits until the next window is about to begin, and gives the instant at which it does. */
export async function nextWindow(): Promise<number> {
  const start = (Math.floor((Date.now() + STARTING_MILLISECONDS) / WINDOW_MILLISECONDS) + 1) * WINDOW_MILLISECONDS;
  await sleep(start - STARTING_MILLISECONDS - Date.now());
  return start;
}

/** Name of the metric that the alert on an absent service reads. */
export const FAILED_OPEN = metricOf("RateLimitFailsOpen");

function metricOf(alertName: string): string {
  const expression = gatewayAlerts().find(({ name }) => name === alertName)?.expr ?? "";
  const [metric] = /envoy_\w+/.exec(expression) ?? [];
  if (metric === undefined) {
    throw new Error(`alert ${alertName} reads no metric of Envoy's`);
  }
  return metric;
}

/** Requests so far that passed because the service gave no answer, from where Prometheus reads them. */
export async function failedOpen(gateways: readonly RunningPod[]): Promise<number> {
  const url = `http://127.0.0.1:${PORTS.sidecarMetrics}/stats/prometheus`;
  const texts = await Promise.all(gateways.map(({ host }) => run(host, ["curl", "-s", "-m", "10", url])));
  const values = texts.flatMap(({ stdout }) => [
    ...stdout.matchAll(new RegExp(`^${FAILED_OPEN}\\{[^}]*\\} (\\d+)$`, "gm")),
  ]);
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}

/** The filter that asks the service, to be taken away and put back. */
export class GlobalLimitFilter {
  private readonly object: KubernetesObject;

  public constructor(private readonly world: World) {
    const object = world.cluster.manifests
      .map((manifest) => manifest.object)
      .find(({ kind, metadata }) => kind === "EnvoyFilter" && metadata.namespace === NAMESPACES.istioIngress);
    if (object === undefined) {
      throw new Error(`no EnvoyFilter in ${NAMESPACES.istioIngress}`);
    }
    this.object = object;
  }

  public async remove(): Promise<void> {
    await this.world.cluster.client.delete(this.object);
    await this.settle(false);
  }

  public async restore(): Promise<void> {
    await this.world.cluster.apply(this.object);
    await this.settle(true);
  }

  private async settle(present: boolean): Promise<void> {
    await this.world.cluster.client.waitFor("the gateway to hear of its filter", async () => {
      const dump = await run(this.world.gateway.host, ["curl", "-s", "-m", "5", "http://127.0.0.1:15000/config_dump"]);
      return dump.stdout.includes('"domain": "gateway"') === present;
    });
  }
}

/** True if a request of a moment ago did not pass for want of an answer. */
export async function isAsked(world: World): Promise<boolean> {
  const [tenant] = tenantOfEachTier(0);
  const before = await failedOpen([world.gateway]);
  const stream = { host: tenant?.host ?? "", path: "/api/users", perSecond: 10, pulses: [[0, 0.5]] as const };
  await sendLoad(world, [world.gateway], [stream]);
  return (await failedOpen([world.gateway])) === before;
}

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { PORTS } from "../../../config";
import { inside } from "./hosts";
import { SERVICE_ACCOUNT_ID } from "./service-program";
import type { World } from "./world";

/** Requests a second over all hosts: two for each of six tenants, far below any tier's limit. */
const REQUESTS_PER_SECOND = 12;

/** What came of a load. */
export interface Tally {
  /** Number of requests by host and outcome: `HTTP 200`, or the network's error. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly slowestMilliseconds: number;
}

/** A steady light load on tenants' hosts through the gateway. */
export class Load {
  private constructor(
    private readonly child: ChildProcess,
    private readonly output: Promise<string>,
  ) {}

  /** Starts it at the load balancer. */
  public static start({ cluster, gateway }: World, hosts: readonly string[], path: string): Load {
    const script = join(__dirname, "programs/onboarding-load.js");
    const target = [gateway.host.address, String(PORTS.gatewayHttps), path, String(REQUESTS_PER_SECOND)];
    const args = inside(cluster.loadBalancer, [process.execPath, script, ...target, ...hosts], SERVICE_ACCOUNT_ID);
    const child = spawn("ip", args, { stdio: ["pipe", "pipe", "inherit"] });
    return new Load(child, text(child.stdout));
  }

  /** Waits for the last answers. */
  public async stop(): Promise<Tally> {
    this.child.stdin?.end();
    return JSON.parse(await this.output) as Tally;
  }
}

/** Requests with an outcome of some kind. */
export function countOf({ outcomes }: Tally, isCounted: (outcome: string) => boolean): number {
  const counts = Object.values(outcomes).flatMap((host) => Object.entries(host));
  return counts.filter(([outcome]) => isCounted(outcome)).reduce((sum, [, count]) => sum + count, 0);
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Engine, freePorts } from "../engines/engine";
import type { FleetTenant } from "./exporter/fleet";
import type { Load } from "./exporter/traffic";

const MAIN = join(__dirname, "exporter/main.ts");

/** The cluster's targets in a process of their own, so that what it spends on them is not taken for Prometheus' time. */
export class Exporter extends Engine {
  private port = 0;

  public constructor(
    folder: string,
    private readonly fleet: readonly FleetTenant[],
  ) {
    super("exporter", folder);
  }

  /** Address: an HTTP proxy for the targets, and their discovery. */
  public get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Changes what happens to the fleet; gives the number of targets that there are then. */
  public async change(load: Load): Promise<number> {
    const response = await fetch(this.url, { method: "PUT", body: JSON.stringify(load) });
    return Number(await response.text());
  }

  protected override get program(): string {
    return process.execPath;
  }

  protected async arguments(): Promise<readonly string[]> {
    [this.port = 0] = await freePorts(1);
    const file = join(this.folder, "fleet.json");
    writeFileSync(file, JSON.stringify(this.fleet));
    return ["--import", require.resolve("tsx"), MAIN, String(this.port), file];
  }

  protected async isReady(): Promise<boolean> {
    return (await fetch(`${this.url}/kube-state-metrics`)).ok;
  }
}

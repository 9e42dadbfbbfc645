import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { FleetTenant } from "./fleet";
import { type Target, targetsOf } from "./targets";
import { type Load, Traffic } from "./traffic";

/**
 * The whole cluster as Prometheus sees it: an HTTP proxy behind which every target has its own address, so that monitors'
 * relabellings apply as they are; and, asked by path, service discovery and the switch of the load.
 */
class Cluster {
  private readonly traffic: Traffic;
  private targets: readonly Target[] = [];
  private byHost: ReadonlyMap<string, Target> = new Map();

  public constructor(private readonly fleet: readonly FleetTenant[]) {
    this.traffic = new Traffic(fleet);
    this.place();
  }

  public async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://cluster");
    const seconds = Date.now() / 1_000;
    if (request.method === "PUT") {
      this.traffic.change(JSON.parse(await bodyOf(request)) as Load, seconds);
      this.place();
      response.end(String(this.targets.length));
    } else if (url.host === "cluster") {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(this.discover(decodeURIComponent(url.pathname.slice(1)))));
    } else {
      this.traffic.advance(seconds);
      const target = this.byHost.get(url.hostname);
      response.statusCode = target === undefined ? 502 : 200;
      response.setHeader("Content-Type", "text/plain; version=0.0.4");
      response.end(target?.page(seconds));
    }
  }

  private place(): void {
    this.targets = targetsOf(this.fleet, this.traffic);
    this.byHost = new Map(this.targets.map((target) => [target.host, target]));
  }

  /** Prometheus' `http_sd_config`. */
  private discover(job: string) {
    return this.targets
      .filter((target) => target.job === job)
      .map(({ host, meta }) => ({
        targets: [`${host}:80`],
        labels: Object.fromEntries(Object.entries(meta).map(([name, value]) => [`__meta_kubernetes_${name}`, value])),
      }));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
  }
  return text;
}

const [port = "", fleetFile = ""] = process.argv.slice(2);
const cluster = new Cluster(JSON.parse(readFileSync(fleetFile, "utf8")) as readonly FleetTenant[]);
createServer((request, response) => void cluster.answer(request, response)).listen(Number(port), "127.0.0.1");

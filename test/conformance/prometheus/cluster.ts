import { mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type MetricsPlan, SCRAPE_INTERVAL_SECONDS } from "../../../constructs/observability/metrics-plan";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { PrometheusClient } from "./client";
import { Exporter } from "./exporter";
import { fleetOf, type FleetTenant } from "./exporter/fleet";
import { IDLE, type Load } from "./exporter/traffic";
import { writeHistory } from "./history";
import { dataFolder, Prometheus } from "./prometheus";
import { ruleGroups } from "./rules";
import { prometheusConfig } from "./scrape-config";

/** Seconds. Scrapes are as far apart as the platform's, whose cost is to be seen; rules are evaluated twice as often. */
const INTERVALS = { scrape: SCRAPE_INTERVAL_SECONDS, evaluation: SCRAPE_INTERVAL_SECONDS / 2 };

/** How far back Prometheus looks for a sample: within it, a past series that differs in a label would count beside the present. */
const LOOKBACK_SECONDS = 300;

const POLL_MILLISECONDS = 1_000;

/** How long is waited for what must come, in seconds; on two quiet cores a quarter of it is enough. */
const PATIENCE_SECONDS = 300;

/** An alert that is there: its name, and its tenant where it is about one. */
export interface Alert {
  readonly name: string;
  readonly tenant?: string;
}

/** Prometheus with the synthesized rules, over the cluster that the exporter stands for. */
export class MonitoredCluster {
  public readonly fleet: readonly FleetTenant[];
  private readonly exporter: Exporter;
  private readonly prometheus: Prometheus;

  public constructor(
    private readonly objects: readonly KubernetesObject[],
    private readonly folder: string,
    plan: MetricsPlan,
  ) {
    this.fleet = fleetOf(objects);
    this.exporter = new Exporter(folder, this.fleet);
    this.prometheus = new Prometheus({
      folder,
      memoryLimitGi: plan.memoryLimitGi,
      rules: ruleGroups(objects),
      config: (self) => prometheusConfig(this.objects, { exporterUrl: this.exporter.url, self, intervals: INTERVALS }),
    });
  }

  public get client(): PrometheusClient {
    return new PrometheusClient(this.prometheus.url);
  }

  /** Starts with a past of six hours for expressions to show, and a fleet at rest. */
  public async start(expressions: readonly string[]): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    await this.exporter.start();
    const end = Math.floor(Date.now() / 1_000) - LOOKBACK_SECONDS;
    await writeHistory(this.fleet, dataFolder(this.folder), end, expressions);
    await this.prometheus.start();
    await this.change(IDLE);
  }

  public async stop(): Promise<void> {
    await Promise.all([this.prometheus.stop(), this.exporter.stop()]);
  }

  /** Changes what happens to the fleet, and waits until every target was scraped and every rule evaluated since. */
  public async change(load: Load): Promise<void> {
    const targets = await this.exporter.change(load);
    await this.until(`${targets} targets`, async () => (await this.client.value("sum(up)")) === targets + 1);
    await this.pass(2);
  }

  /** Lets every group of rules be evaluated so many times. */
  public async pass(rounds: number): Promise<void> {
    for (let left = rounds; left > 0; left -= 1) {
      const now = Date.now();
      await this.until("evaluations of rules", async () => (await this.client.oldestEvaluation()) > now);
    }
  }

  /** Alerts that fire, by name and tenant, each once. */
  public async firing(): Promise<readonly Alert[]> {
    const series = await this.client.query('group by (alertname, tenant) (ALERTS{alertstate="firing"})');
    return series
      .map(({ metric: { alertname = "", tenant } }) => ({
        name: alertname,
        ...(tenant === undefined ? {} : { tenant }),
      }))
      .sort((left, right) => key(left).localeCompare(key(right)));
  }

  /** Waits for a condition. */
  public async until(what: string, condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + PATIENCE_SECONDS * 1_000;
    while (!(await condition())) {
      if (Date.now() > deadline) {
        throw new Error(`waited ${PATIENCE_SECONDS} s in vain for ${what}`);
      }
      await sleep(POLL_MILLISECONDS);
    }
  }
}

const key = ({ name, tenant = "" }: Alert): string => `${name} ${tenant}`;

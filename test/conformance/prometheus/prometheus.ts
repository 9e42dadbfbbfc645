import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { JsonObject } from "../../../tools/manifests/json";
import { Engine, freePorts } from "../engines/engine";
import { prometheusPath } from "./binaries";

export interface PrometheusProps {
  readonly folder: string;
  /** The configuration, made for the address that Prometheus listens on. */
  readonly config: (address: string) => JsonObject;
  /** Memory at which the platform would kill it, in GiB. */
  readonly memoryLimitGi: number;
  /** Groups of rules, as `rule_files` spell them. */
  readonly rules: readonly JsonObject[];
}

/** Where the blocks lie: history is put there before the start. */
export const dataFolder = (folder: string): string => join(folder, "data");

/** A Prometheus of the chart's version. */
export class Prometheus extends Engine {
  private address = "";

  public constructor(private readonly props: PrometheusProps) {
    super("prometheus", props.folder);
  }

  public get url(): string {
    return `http://${this.address}`;
  }

  protected override get program(): string {
    return "env";
  }

  protected async arguments(): Promise<readonly string[]> {
    const [port = 0] = await freePorts(1);
    this.address = `127.0.0.1:${port}`;
    const file = join(this.folder, "prometheus.yml");
    writeFileSync(file, stringify(this.props.config(this.address)));
    writeFileSync(join(this.folder, "rules.yml"), stringify({ groups: this.props.rules }));
    return [
      // As in a pod: Prometheus collects harder as it nears nine tenths of its limit.
      `GOMEMLIMIT=${Math.floor(this.props.memoryLimitGi * 0.9 * 1_024)}MiB`,
      prometheusPath(),
      `--config.file=${file}`,
      `--web.listen-address=${this.address}`,
      `--storage.tsdb.path=${dataFolder(this.folder)}`,
      // No compaction of the history while its queries are timed.
      "--storage.tsdb.min-block-duration=2h",
      "--storage.tsdb.max-block-duration=2h",
    ];
  }

  protected async isReady(): Promise<boolean> {
    return (await fetch(`${this.url}/-/ready`)).ok;
  }
}

import { join } from "node:path";
import { Engine, freePorts } from "./engine";
import { send } from "./http";

/** The API server's store: one member, and no fsync, because nothing outlives the test. */
export class Etcd extends Engine {
  private client = "";

  public constructor(folder: string) {
    super("etcd", folder);
  }

  /** Address for the API server. */
  public get endpoint(): string {
    return this.client;
  }

  protected async arguments(): Promise<readonly string[]> {
    const [clientPort = 0, peerPort = 0] = await freePorts(2);
    this.client = `http://127.0.0.1:${clientPort}`;
    const peer = `http://127.0.0.1:${peerPort}`;
    return [
      `--data-dir=${join(this.folder, "etcd")}`,
      `--listen-client-urls=${this.client}`,
      `--advertise-client-urls=${this.client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      "--unsafe-no-fsync",
    ];
  }

  protected async isReady(): Promise<boolean> {
    return (await send({ method: "GET", url: `${this.client}/readyz` })).status === 200;
  }
}

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ApiServer } from "./api-server";
import { ControllerManager } from "./controller-manager";
import type { Engine } from "./engine";
import { Etcd } from "./etcd";
import type { Connection } from "./http";

/** etcd, kube-apiserver and kube-controller-manager together, everything they write under one folder. */
export class ControlPlane {
  private readonly etcd: Etcd;
  private readonly apiServer: ApiServer;
  private readonly engines: readonly Engine[];

  /** @param controllers - to run beside those that admission needs */
  public constructor(
    private readonly folder: string,
    controllers: readonly string[] = [],
  ) {
    this.etcd = new Etcd(folder);
    this.apiServer = new ApiServer(folder, this.etcd);
    this.engines = [this.etcd, this.apiServer, new ControllerManager(folder, this.apiServer, controllers)];
  }

  /** File with the certificate of the API server. */
  public get certificatePath(): string {
    return this.apiServer.certificatePath;
  }

  /** How to reach the API server. */
  public get connection(): Connection {
    return this.apiServer.connection;
  }

  /** Starts all engines, each when what it needs is ready; stops them again if one fails. */
  public async start(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    try {
      for (const engine of this.engines) {
        await engine.start();
      }
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops all engines and drops the data; the logs stay. */
  public async stop(): Promise<void> {
    for (const engine of [...this.engines].reverse()) {
      await engine.stop();
    }
    rmSync(join(this.folder, "etcd"), { recursive: true, force: true });
  }
}

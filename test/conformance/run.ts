import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "./engines/http";

/** Names the folder of the current run to everything in it: the set-up, the tests, the tear-down. */
const FOLDER_VARIABLE = "TASKFLOW_CONFORMANCE_RUN";

/** One run of the conformance test: its folder, and what its parts tell each other through files there. */
export class Run {
  private constructor(public readonly folder: string) {}

  /** A new run; the tests find it through the environment. */
  public static create(): Run {
    const folder = mkdtempSync(join(tmpdir(), "taskflow-conformance-"));
    process.env[FOLDER_VARIABLE] = folder;
    return new Run(folder);
  }

  /** The run that the set-up created. */
  public static current(): Run {
    const folder = process.env[FOLDER_VARIABLE];
    if (folder === undefined) {
      throw new Error("run this by npm run test:conformance, which starts the engines first");
    }
    return new Run(folder);
  }

  /** Folder of the synthesized app. */
  public get outDir(): string {
    const file = join(this.folder, "out-dir");
    return readFileSync(file, "utf8");
  }

  public set outDir(path: string) {
    writeFileSync(join(this.folder, "out-dir"), path);
  }

  /** How to reach the run's API server. */
  public get connection(): Connection {
    return JSON.parse(readFileSync(join(this.folder, "connection.json"), "utf8")) as Connection;
  }

  public set connection(connection: Connection) {
    writeFileSync(join(this.folder, "connection.json"), JSON.stringify(connection), { mode: 0o600 });
  }

  /** Folder of the engines' logs and data. */
  public get controlPlaneFolder(): string {
    return join(this.folder, "control-plane");
  }

  /** Remembers that something failed, so that the logs are kept. */
  public markFailed(): void {
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, "failed"), "");
  }

  /** Removes the folder after a success; after a failure leaves it and gives the path of the logs. */
  public close(): string | undefined {
    if (existsSync(join(this.folder, "failed"))) {
      return join(this.controlPlaneFolder, "logs");
    }
    rmSync(this.folder, { recursive: true, force: true });
    return undefined;
  }
}

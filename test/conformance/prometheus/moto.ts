import { execFile } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, report } from "../engines/cache";
import { Engine, freePorts } from "../engines/engine";

/** Version of moto, which stands for CloudWatch. */
const VERSION = "5.2.5";

const programs = (): string => join(cacheFolder("moto", VERSION), "bin");

/** Installs moto into a virtual environment of the cache's, unless it is there. */
export async function ensureMoto(): Promise<void> {
  const folder = cacheFolder("moto", VERSION);
  if (existsSync(join(programs(), "moto_server"))) {
    return;
  }
  report(`installing moto ${VERSION}, once for this cache (320 MB)`);
  const run = promisify(execFile);
  try {
    await run("python3", ["-m", "venv", folder]);
    await run(join(programs(), "pip"), ["install", "--quiet", `moto[server]==${VERSION}`]);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error("CloudWatch's stand-in needs Python 3 with venv", { cause: error });
  }
}

/** A server that speaks CloudWatch's API. */
export class Moto extends Engine {
  private port = 0;

  public constructor(folder: string) {
    super("moto", folder);
  }

  public get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  protected override get program(): string {
    return join(programs(), "moto_server");
  }

  protected async arguments(): Promise<readonly string[]> {
    [this.port = 0] = await freePorts(1);
    return ["--host", "127.0.0.1", "--port", String(this.port)];
  }

  protected async isReady(): Promise<boolean> {
    return (await fetch(`${this.url}/moto-api/data.json`)).ok;
  }
}

import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { binaryPath } from "./binaries";

const POLL_MILLISECONDS = 50;
const READY_MILLISECONDS = 60_000;
const LOG_TAIL_LINES = 20;

/** Ports that nothing listened on a moment ago, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
      return (server.address() as AddressInfo).port;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * Kills the process group named by its argument once its standard input ends, which happens when this process ends, however
 * it does: an exception, Ctrl-C, SIGKILL. It stands in a group of its own, so that Ctrl-C does not reach it first.
 */
function watch(child: ChildProcess): ChildProcess {
  const script = 'read -r _; kill -9 "-$1"';
  return spawn("sh", ["-c", script, "watchdog", String(child.pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
}

/** A server program that runs for the length of a test: started once, asked for readiness, stopped once. */
export abstract class Engine {
  /** Signal that ends the program. It is killed, unless it would leave something behind. */
  protected readonly stopSignal: NodeJS.Signals = "SIGKILL";
  private child: ChildProcess | undefined;
  private watchdog: ChildProcess | undefined;
  private readiness: Promise<void> | undefined;
  private readonly logPath: string;

  /** `folder` is the control plane's: `logs/` and whatever the engine keeps go there. */
  public constructor(
    private readonly name: string,
    protected readonly folder: string,
  ) {
    this.logPath = join(folder, "logs", `${name}.log`);
  }

  /** The program: by default the built one of this name. */
  protected get program(): string {
    return binaryPath(this.name);
  }

  /** Arguments of the program. */
  protected abstract arguments(): Promise<readonly string[]>;

  /** One look whether it does its work. */
  protected abstract isReady(): Promise<boolean>;

  /** Settles when the engine does its work; rejects, with the end of its log, when it exits or takes too long. */
  public get ready(): Promise<void> {
    if (this.readiness === undefined) {
      throw new Error(`${this.name} was not started`);
    }
    return this.readiness;
  }

  /** Starts the program and gives `ready`. */
  public async start(): Promise<void> {
    const args = await this.arguments();
    mkdirSync(join(this.folder, "logs"), { recursive: true });
    const log = openSync(this.logPath, "a");
    // `detached` gives it a process group of its own, which stop() and the watchdog end as a whole.
    this.child = spawn(this.program, args, { cwd: this.folder, detached: true, stdio: ["ignore", log, log] });
    closeSync(log);
    this.watchdog = watch(this.child);
    this.readiness = this.waitUntilReady(this.child);
    await this.readiness;
  }

  /**
   * Ends the program. It is killed, not asked: nothing that it keeps is wanted any more, and a shutdown takes seconds.
   *
   * @param signal - @default - the engine's own
   */
  public async stop(signal: NodeJS.Signals = this.stopSignal): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child?.pid !== undefined && isRunning(child)) {
      const exited = new Promise((resolve) => child.once("exit", resolve));
      killGroup(child.pid, signal);
      await exited;
    }
    this.watchdog?.kill("SIGKILL");
  }

  private async waitUntilReady(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + READY_MILLISECONDS;
    let failure: Error | undefined;
    child.once("error", (error) => (failure = error));
    while (Date.now() < deadline) {
      if (failure !== undefined) {
        throw failure;
      }
      if (!isRunning(child)) {
        throw new Error(`${this.name} exited at once; the end of ${this.logPath}:\n${this.logTail()}`);
      }
      if (await this.isReady().catch(() => false)) {
        return;
      }
      await sleep(POLL_MILLISECONDS);
    }
    throw new Error(`${this.name} is not ready after 60 s; the end of ${this.logPath}:\n${this.logTail()}`);
  }

  private logTail(): string {
    return readFileSync(this.logPath, "utf8").trimEnd().split("\n").slice(-LOG_TAIL_LINES).join("\n");
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group ended between the look and the signal.
  }
}

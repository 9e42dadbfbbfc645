import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** Names that distributions give Chromium, the first found in PATH is taken; `CHROMIUM` names another. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/** File descriptors that `--remote-debugging-pipe` reads commands from and writes answers to. */
const COMMANDS = 3;
const ANSWERS = 4;

type Fields = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Fields;
  readonly result?: Fields;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

interface Waiting {
  readonly resolve: (result: Fields) => void;
  readonly reject: (error: Error) => void;
}

/** A headless Chromium, spoken to in the DevTools protocol over its pipe. */
export class Browser {
  /** Everything that the browser reported by itself, such as requests, console messages and exceptions. */
  public readonly events: { readonly method: string; readonly params: Fields }[] = [];
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  private unread = "";
  private session: string | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly profile: string,
  ) {
    const answers = child.stdio[ANSWERS] as Readable;
    answers.setEncoding("utf8");
    answers.on("data", (text: string) => {
      const messages = (this.unread + text).split("\0");
      this.unread = messages.pop() ?? "";
      messages.forEach((message) => {
        this.receive(JSON.parse(message) as Message);
      });
    });
  }

  /**
   * Starts the browser with one page.
   *
   * @throws Error if there is none
   */
  public static async start(): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), "taskflow-browser-"));
    const child = spawn(
      executable(),
      [
        "--headless",
        "--remote-debugging-pipe",
        "--no-first-run",
        "--force-color-profile=srgb",
        "--window-size=1200,900",
        `--user-data-dir=${profile}`,
        // Containers' root has no sandbox to offer; the page is our own.
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
      { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
    );
    const browser = new Browser(child, profile);
    try {
      await browser.attach();
    } catch (error) {
      await browser.close();
      throw error;
    }
    return browser;
  }

  /** Sends a command and waits for its result. */
  public send(method: string, params: Fields = {}): Promise<Fields> {
    const id = ++this.last;
    const message = { id, method, params, ...(this.session === undefined ? {} : { sessionId: this.session }) };
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      (this.child.stdio[COMMANDS] as Writable).write(`${JSON.stringify(message)}\0`);
    });
  }

  /** Opens a file and waits until it has been loaded and drawn. */
  public async open(path: string): Promise<void> {
    await this.send("Page.navigate", { url: `file://${path}` });
    await this.evaluate(
      "new Promise((done) => document.readyState === 'complete' ? done() : addEventListener('load', done))",
    );
    await this.frame();
  }

  /** Waits until what was asked for has been drawn. */
  public async frame(): Promise<void> {
    await this.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  }

  /**
   * The value of an expression in the page.
   *
   * @throws Error with the page's own words if it throws
   */
  public async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = (await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })) as { readonly result: { readonly value: T }; readonly exceptionDetails?: { readonly text: string } };
    if (exceptionDetails !== undefined) {
      throw new Error(`${expression}: ${exceptionDetails.text}`);
    }
    return result.value;
  }

  /** Presses a key in what has the focus. */
  public async press(key: string): Promise<void> {
    const text = key.length === 1 ? { text: key } : {};
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", key, ...text });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", key });
    await this.frame();
  }

  public async close(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill();
    await ended;
    rmSync(this.profile, { recursive: true, force: true });
  }

  private async attach(): Promise<void> {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    this.session = String(sessionId);
    for (const domain of ["Page", "Runtime", "Network", "Log"]) {
      await this.send(`${domain}.enable`);
    }
  }

  private receive({ id, method, params = {}, result = {}, error }: Message): void {
    if (id === undefined) {
      this.events.push({ method: method ?? "", params });
      return;
    }
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) {
      waiting?.resolve(result);
    } else {
      waiting?.reject(new Error(error.message));
    }
  }
}

function executable(): string {
  const named = process.env["CHROMIUM"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = named ?? NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (found === undefined) {
    throw new Error(
      `no browser: looked in PATH for ${NAMES.join(", ")}; install one (Debian: apt-get install chromium) or set CHROMIUM`,
    );
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

import type { Terminal } from "./terminal";

/** Work shorter than this says nothing. */
const QUIET_MILLISECONDS = 2_000;

/** Tells a person what a long command is doing. In a pipe or a log, where a line cannot be taken back, it is silent. */
export class Progress {
  private readonly started = Date.now();
  private pending: NodeJS.Timeout | undefined;
  private shown = false;

  public constructor(private readonly terminal: Terminal) {}

  /** What happens now; to be called between steps, never inside a hot loop. */
  public step(message: string): void {
    clearTimeout(this.pending);
    if (!this.terminal.interactive) {
      return;
    }
    const quiet = QUIET_MILLISECONDS - (Date.now() - this.started);
    if (quiet <= 0) {
      this.show(message);
    } else {
      // Work that leaves the thread free, as a synth in a process of its own, is told of once it has become long.
      this.pending = setTimeout(() => {
        this.show(message);
      }, quiet).unref();
    }
  }

  /** Takes the line back. */
  public end(): void {
    clearTimeout(this.pending);
    if (this.shown) {
      this.terminal.error("\r\u001b[K");
      this.shown = false;
    }
  }

  private show(message: string): void {
    this.terminal.error(`\r\u001b[K${message} …`);
    this.shown = true;
  }
}

import type { Terminal } from "./terminal";

/** Work shorter than this says nothing. */
const QUIET_MILLISECONDS = 2_000;

/** Tells a person what a long command is doing. In a pipe or a log, where a line cannot be taken back, it is silent. */
export class Progress {
  private readonly started = Date.now();
  private shown = false;

  public constructor(private readonly terminal: Terminal) {}

  /** What happens now; to be called between steps, never inside a hot loop. */
  public step(message: string): void {
    if (this.terminal.interactive && Date.now() - this.started >= QUIET_MILLISECONDS) {
      this.terminal.error(`\r\u001b[K${message} …`);
      this.shown = true;
    }
  }

  /** Takes the line back. */
  public end(): void {
    if (this.shown) {
      this.terminal.error("\r\u001b[K");
      this.shown = false;
    }
  }
}

/** Where a command's words go; a test gives one that remembers them. */
export interface Terminal {
  readonly out: (text: string) => void;
  /** Errors and progress: what a pipe behind the command must not get. */
  readonly error: (text: string) => void;
  /** Whether `out` shows colours. */
  readonly colours: boolean;
  /** Whether a person watches `error`, and wants to know that work goes on. */
  readonly interactive: boolean;
}

/** The process's own streams. Colours on a terminal alone, and not there either if `NO_COLOR` is set. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  stdout.on("error", endQuietly);
  return {
    out: (text) => stdout.write(text),
    error: (text) => stderr.write(text),
    colours: stdout.isTTY && (env["NO_COLOR"] ?? "") === "",
    interactive: stderr.isTTY,
  };
}

/** Whoever reads has had enough (`taskflow … | head`): that is no error, and the exit code stays what it is. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") {
    throw error;
  }
  process.exit();
}

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

export type Style = keyof typeof CODES;

/** A text in a style, or the text alone where there are no colours. */
export function styled(terminal: Terminal, style: Style, text: string): string {
  return terminal.colours ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
}

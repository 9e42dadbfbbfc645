/** A program and its arguments. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** The account `nobody`. PostgreSQL and PgBouncer refuse to run as root, which a test in a container usually is. */
const ACCOUNT_ID = 65_534;

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Fails with one clear sentence where network namespaces cannot be made. */
export function requireRoot(): void {
  if (!isRoot()) {
    throw new Error("the mesh's conformance tests make network namespaces: run them as root");
  }
}

/** Owner that an unprivileged program's files need; none where this process is not root and so owns them already. */
export function unprivilegedOwner(): number | undefined {
  return isRoot() ? ACCOUNT_ID : undefined;
}

/** The command as an account other than root: as it stands, unless this process is root. */
export function unprivileged(command: Command): Command {
  if (!isRoot()) {
    return command;
  }
  const account = [`--reuid=${ACCOUNT_ID}`, `--regid=${ACCOUNT_ID}`, "--clear-groups"];
  return { program: "setpriv", args: [...account, "--", command.program, ...command.args] };
}

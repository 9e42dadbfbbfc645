import { execFile } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Engine, freePorts } from "./engine";
import { answers } from "./postgres";
import { unprivileged, unprivilegedOwner } from "./unprivileged";

/** PgBouncer's own console: a database of this name, and the one user that may ask it. */
export const CONSOLE = "pgbouncer";

/** What stands behind the pool, and how large it may grow. */
export interface PgBouncerProps {
  /** Folder for the configuration and the log; any account may pass through it. */
  readonly folder: string;
  /** Port of the PostgreSQL server on 127.0.0.1. */
  readonly serverPort: number;
  readonly database: string;
  /** Passwords of the login roles by name. */
  readonly users: ReadonlyMap<string, string>;
  /** Connections to the server for one role. */
  readonly poolSize: number;
  /** Connections to the server in all. */
  readonly maxServerConnections: number;
  /** Connections of clients in all. */
  readonly maxClientConnections: number;
  /** Seconds that a client waits for a connection to the server before it is refused. */
  readonly queryWaitTimeout: number;
}

/** The program of Debian's package, which no registry of languages has. */
const PROGRAM = "pgbouncer";

/** Version of the machine's PgBouncer; fails with one clear sentence unless there is one. */
export async function ensurePgBouncer(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(PROGRAM, ["--version"]);
    return /PgBouncer (\S+)/.exec(stdout)?.[1] ?? "unknown";
  } catch {
    throw new Error("the database's conformance test needs PgBouncer on the PATH: apt-get install pgbouncer");
  }
}

/**
 * PgBouncer in transaction mode, standing for RDS Proxy: a connection to the server belongs to one login role, serves one
 * transaction at a time, and goes back to that role's pool. Clients log in with a password, as they do at the proxy with a
 * token.
 */
export class PgBouncer extends Engine {
  private listening = 0;

  public constructor(private readonly props: PgBouncerProps) {
    super("pgbouncer", props.folder);
  }

  /** Port on 127.0.0.1. */
  public get port(): number {
    return this.listening;
  }

  protected override get program(): string {
    return this.command.program;
  }

  protected async arguments(): Promise<readonly string[]> {
    [this.listening = 0] = await freePorts(1);
    mkdirSync(this.props.folder, { recursive: true });
    chmodSync(this.props.folder, 0o711);
    this.write("users.txt", [[CONSOLE, CONSOLE] as const, ...this.props.users].map(userLine).join(""));
    this.write("pgbouncer.ini", this.configuration());
    return this.command.args;
  }

  protected isReady(): Promise<boolean> {
    const login = { port: this.port, user: CONSOLE, password: CONSOLE, database: CONSOLE };
    return answers(login, "SHOW VERSION");
  }

  private get command() {
    return unprivileged({ program: PROGRAM, args: [join(this.props.folder, "pgbouncer.ini")] });
  }

  private configuration(): string {
    const { database, serverPort } = this.props;
    const settings = {
      listen_addr: "127.0.0.1",
      listen_port: this.listening,
      unix_socket_dir: "",
      auth_type: "md5",
      auth_file: join(this.props.folder, "users.txt"),
      admin_users: CONSOLE,
      pool_mode: "transaction",
      default_pool_size: this.props.poolSize,
      max_db_connections: this.props.maxServerConnections,
      max_client_conn: this.props.maxClientConnections,
      query_wait_timeout: this.props.queryWaitTimeout,
      // Seconds after a refused login in which clients are refused, too: 15 by default, while RDS Proxy has them wait.
      server_login_retry: 0.1,
      // Lines for each of thousands of connections would be the test's main load.
      log_connections: 0,
      log_disconnections: 0,
      ignore_startup_parameters: "extra_float_digits",
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
    const target = `${database} = host=127.0.0.1 port=${serverPort} dbname=${database}\n`;
    return `[databases]\n${target}\n[pgbouncer]\n${lines.join("")}`;
  }

  private write(name: string, content: string): void {
    const path = join(this.props.folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    const owner = unprivilegedOwner();
    if (owner !== undefined) {
      chownSync(path, owner, owner);
    }
  }
}

function userLine([user, password]: readonly [string, string]): string {
  return `"${user}" "${password}"\n`;
}

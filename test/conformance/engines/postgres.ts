import { execFile } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client, type ClientConfig } from "pg";
import { Engine, freePorts } from "./engine";
import { postgresPrograms, type PostgresRelease } from "./postgres-binaries";
import { unprivileged, unprivilegedOwner } from "./unprivileged";

/** Name of the superuser. A client of the tests' never is it, unless a test says so. */
export const SUPERUSER = "postgres";

/** Name of the role that a standby follows its primary as. */
export const REPLICATOR = "replicator";

/** What a server differs in. */
export interface PostgresProps {
  readonly release: PostgresRelease;
  /** Folder that the releases are unpacked in. */
  readonly programs: string;
  /** Folder for the data and the log; any account may pass through it. */
  readonly folder: string;
  /**
   * Connections that the server takes, those of superusers included.
   * @default 100
   */
  readonly maxConnections?: number;
  /**
   * Server that it begins as a copy of, and then follows.
   * @default - none: it begins empty
   */
  readonly primary?: Postgres;
}

/**
 * A PostgreSQL server with data of its own, on a port of 127.0.0.1. Logins need no password, because in production a token
 * of IAM stands there and not the role's: what is tested begins after the login.
 */
export class Postgres extends Engine {
  /**
   * Immediate shutdown: as in a crash sessions are cut and nothing is checkpointed, and `start` then recovers what was
   * committed. SIGKILL would leave the server's other processes, each with a group of its own, in the way of that start.
   */
  protected override readonly stopSignal = "SIGQUIT";
  private listening: number | undefined;
  private readonly dataFolder: string;

  public constructor(private readonly props: PostgresProps) {
    super("postgres", props.folder);
    this.dataFolder = join(props.folder, "data");
  }

  /** Port on 127.0.0.1; the same after another start. */
  public get port(): number {
    if (this.listening === undefined) {
      throw new Error("the PostgreSQL server was not started");
    }
    return this.listening;
  }

  /** A standby of this server, which has been started: physical, streaming and asynchronous, as RDS's read replicas are. */
  public standby(folder: string): Postgres {
    return new Postgres({ ...this.props, folder, primary: this });
  }

  protected override get program(): string {
    return this.command.program;
  }

  protected async arguments(): Promise<readonly string[]> {
    if (this.listening === undefined) {
      [this.listening] = await freePorts(1);
      this.createFolder();
      await (this.props.primary ? this.copyData(this.props.primary) : this.createData());
    }
    return this.command.args;
  }

  protected isReady(): Promise<boolean> {
    return answers({ port: this.port, user: SUPERUSER, database: "postgres" }, "SELECT 1");
  }

  private get command() {
    const settings = {
      listen_addresses: "127.0.0.1",
      port: this.listening ?? 0,
      unix_socket_directories: "",
      max_connections: this.props.maxConnections ?? 100,
      // Nothing outlives the test but a crash that it makes itself, and such a crash loses no page.
      fsync: "off",
      log_line_prefix: "%m [%p] %q%u@%d ",
      ...(this.props.primary && {
        primary_conninfo: `host=127.0.0.1 port=${this.props.primary.port} user=${REPLICATOR}`,
      }),
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    return unprivileged({ program: this.programPath("postgres"), args: ["-D", this.dataFolder, ...options] });
  }

  private programPath(name: string): string {
    return join(postgresPrograms(this.props.release, this.props.programs), name);
  }

  private createFolder(): void {
    mkdirSync(this.props.folder, { recursive: true });
    chmodSync(this.props.folder, 0o711);
  }

  private async createData(): Promise<void> {
    mkdirSync(this.dataFolder, { mode: 0o700 });
    own(this.dataFolder);
    const options = ["--username", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
    const { program, args } = unprivileged({
      program: this.programPath("initdb"),
      args: ["--pgdata", this.dataFolder, ...options],
    });
    await promisify(execFile)(program, args, { cwd: this.props.folder });
  }

  /** A base backup of the running primary, by hand: the builds have no `pg_basebackup`. */
  private async copyData(primary: Postgres): Promise<void> {
    const session = new Client({ host: "127.0.0.1", port: primary.port, user: SUPERUSER, database: "postgres" });
    await session.connect();
    try {
      await session.query(`CREATE ROLE ${REPLICATOR} LOGIN REPLICATION`);
      await session.query("SELECT pg_backup_start('standby', fast => true)");
      await promisify(execFile)("cp", ["--archive", primary.dataFolder, this.dataFolder]);
      const { rows } = await session.query<{ labelfile: string }>("SELECT labelfile FROM pg_backup_stop()");
      const files = { backup_label: rows[0]?.labelfile ?? "", "standby.signal": "" };
      for (const [name, content] of Object.entries(files)) {
        writeFileSync(join(this.dataFolder, name), content);
        own(join(this.dataFolder, name));
      }
      rmSync(join(this.dataFolder, "postmaster.pid"));
    } finally {
      await session.end();
    }
  }
}

/** Gives a path to the account that the server runs as. */
function own(path: string): void {
  const owner = unprivilegedOwner();
  if (owner !== undefined) {
    chownSync(path, owner, owner);
  }
}

/** True if a login and a statement both get through. */
export async function answers(login: ClientConfig, statement: string): Promise<boolean> {
  const client = new Client({ host: "127.0.0.1", connectionTimeoutMillis: 1_000, ...login });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query(statement);
    return true;
  } finally {
    await client.end();
  }
}

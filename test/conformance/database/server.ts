import { Client, type ClientConfig } from "pg";
import { DATABASE_NAME } from "../../../config";
import type { PostgresRelease } from "../engines/postgres-binaries";
import { Postgres, SUPERUSER } from "../engines/postgres";
import { Run } from "../run";
import { programsFolder, serverFolder } from "./folders";

/** Master user of the RDS instance. */
export const MASTER = "taskflow_admin";

/**
 * A new RDS instance, as far as a server of our own can be one: its master is no superuser, but may create roles and
 * databases, and may hand on the role that stands for logins by token.
 */
const LIKE_RDS = [
  "CREATE ROLE rds_superuser NOLOGIN",
  "CREATE ROLE rds_iam NOLOGIN",
  "GRANT pg_monitor, pg_signal_backend TO rds_superuser WITH ADMIN OPTION",
  `CREATE ROLE ${MASTER} LOGIN CREATEDB CREATEROLE NOSUPERUSER NOBYPASSRLS IN ROLE rds_superuser`,
  `GRANT rds_iam TO ${MASTER} WITH ADMIN OPTION`,
  `ALTER DATABASE postgres OWNER TO ${MASTER}`,
  `CREATE DATABASE ${DATABASE_NAME} OWNER ${MASTER}`,
];

/** A PostgreSQL server made to look like a new RDS instance, and the connections that a test opens to it. */
export class Server {
  private readonly clients = new Set<Client>();

  private constructor(public readonly postgres: Postgres) {}

  /** Starts a server; `name` tells it from the others of the run. */
  public static async start(name: string, release: PostgresRelease, maxConnections = 100): Promise<Server> {
    const run = Run.current();
    const folder = serverFolder(run, name);
    const postgres = new Postgres({ release, programs: programsFolder(run), folder, maxConnections });
    return new Server(postgres).started(async (server) => {
      const superuser = await server.connect(SUPERUSER, "postgres");
      for (const statement of LIKE_RDS) {
        await superuser.query(statement);
      }
    });
  }

  /** Starts a standby of this server, as which everything of it is there. */
  public startStandby(name: string): Promise<Server> {
    return new Server(this.postgres.standby(serverFolder(Run.current(), name))).started();
  }

  /** A login as the role; `stop` closes it. */
  public async connect(user: string, database: string = DATABASE_NAME): Promise<Client> {
    const client = new Client(this.login(user, database));
    // A server that goes away is not an error of the test: whoever queries the connection hears of it.
    client.on("error", () => this.clients.delete(client));
    await client.connect();
    this.clients.add(client);
    client.once("end", () => this.clients.delete(client));
    return client;
  }

  /** What a client of the role's says to log in. */
  public login(user: string, database: string = DATABASE_NAME): ClientConfig {
    return { host: "127.0.0.1", port: this.postgres.port, user, database };
  }

  /** The server, once it runs and is prepared; nothing of it is left if that fails. */
  private async started(prepare?: (server: Server) => Promise<void>): Promise<Server> {
    try {
      await this.postgres.start();
      await prepare?.(this);
      return this;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Closes every connection and stops the server. */
  public async stop(): Promise<void> {
    await Promise.allSettled([...this.clients].map((client) => client.end()));
    await this.postgres.stop();
  }
}

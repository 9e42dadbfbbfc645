import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Signer } from "@aws-sdk/rds-signer";
import { Client } from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";

import type { CopyDatabase, Database } from "./database";
import { asObject, PROVISIONER } from "./tenant";

/** Where the database is, from the function's environment. */
export interface Endpoint {
  /** Endpoint of the instance, not of the proxy: data definition would pin there, and the proxy knows tenants only. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly region: string;
}

/** Milliseconds; a refused or lost connection shall not use up the function's time. */
const CONNECT_TIMEOUT_MS = 10_000;

interface Login {
  readonly user: string;
  readonly password: string;
}

/** @throws Error naming the variable that is missing */
export function readEndpoint(environment: NodeJS.ProcessEnv): Endpoint {
  return {
    host: variable(environment, "DATABASE_HOST"),
    port: Number(variable(environment, "DATABASE_PORT")),
    database: variable(environment, "DATABASE_NAME"),
    region: variable(environment, "AWS_REGION"),
  };
}

/** Runs work as the provisioner, whose token is signed here and lives 15 minutes; it is checked at connect only. */
export async function asProvisioner<T>(endpoint: Endpoint, work: (db: CopyDatabase) => Promise<T>): Promise<T> {
  const signer = new Signer({
    hostname: endpoint.host,
    port: endpoint.port,
    region: endpoint.region,
    username: PROVISIONER,
  });
  return connected(endpoint, { user: PROVISIONER, password: await signer.getAuthToken() }, work);
}

/** Runs work as the master user, whose secret RDS keeps and rotates; read anew each time. */
export async function asMaster<T>(
  endpoint: Endpoint,
  secretArn: string,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const client = new SecretsManagerClient({ region: endpoint.region });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  const { username, password } = asObject(JSON.parse(SecretString ?? "null"), "master secret");
  return connected(endpoint, { user: String(username), password: String(password) }, work);
}

export function variable(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (value === undefined || value === "") {
    throw new Error(`environment variable ${name} is missing`);
  }
  return value;
}

async function connected<T>(endpoint: Endpoint, login: Login, work: (db: CopyDatabase) => Promise<T>): Promise<T> {
  const client = new Client({
    host: endpoint.host,
    port: endpoint.port,
    database: endpoint.database,
    ...login,
    // Node takes the RDS authorities from NODE_EXTRA_CA_CERTS.
    ssl: { rejectUnauthorized: true },
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: "tenant-database",
  });
  // A connection that is lost while it waits must not end the process: its next query tells.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(adapt(client));
  } finally {
    await client.end();
  }
}

/** Text of many statements has a result for each; the last is the one that is asked for. */
export function adapt(client: Pick<Client, "query">): CopyDatabase {
  return {
    copyTo: (sql) => client.query(copyTo(sql)),
    copyFrom: (sql) => client.query(copyFrom(sql)),
    query: async (sql, values) => {
      const result: unknown = await client.query(sql, values === undefined ? undefined : [...values]);
      const last: unknown = Array.isArray(result) ? result.at(-1) : result;
      return last as { rows: Record<string, unknown>[] };
    },
  };
}

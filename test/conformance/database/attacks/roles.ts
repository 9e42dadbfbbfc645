import { MONITOR, PROVISIONER } from "../../../../functions/tenant-database/src";
import { accepted, type Attack, DENIED } from "../attack";
import { MASTER } from "../server";
import type { World } from "./world";

/** One statement, whoever the tenants are. */
function always(...statements: readonly string[]): Attack<World>["attempts"] {
  return () => [statements];
}

/** Becoming somebody else, or more. */
const IDENTITY: readonly Attack<World>[] = [
  { name: "becomes another tenant", expected: DENIED, attempts: ({ victim }) => [[`SET ROLE ${victim.role}`]] },
  { name: "becomes the provisioner", expected: DENIED, attempts: always(`SET ROLE ${PROVISIONER}`) },
  { name: "becomes the metrics' role", expected: DENIED, attempts: always(`SET ROLE ${MONITOR}`) },
  { name: "becomes the master", expected: DENIED, attempts: always(`SET ROLE ${MASTER}`) },
  {
    name: "becomes a role that reads everything",
    expected: DENIED,
    attempts: () => ["pg_read_all_data", "pg_write_all_data", "pg_monitor"].map((role) => [`SET ROLE ${role}`]),
  },
  {
    name: "joins another tenant's role",
    expected: DENIED,
    attempts: ({ attacker, victim }) => [[`GRANT ${victim.role} TO ${attacker.role}`]],
  },
  {
    name: "joins the provisioner's role",
    expected: DENIED,
    attempts: ({ attacker }) => [[`GRANT ${PROVISIONER} TO ${attacker.role}`]],
  },
  {
    name: "gives itself an attribute",
    expected: DENIED,
    attempts: ({ attacker }) =>
      ["SUPERUSER", "BYPASSRLS", "CREATEROLE", "CREATEDB", "REPLICATION", "INHERIT", "CONNECTION LIMIT -1"].map(
        (attribute) => [`ALTER ROLE ${attacker.role} ${attribute}`],
      ),
  },
  { name: "creates a role", expected: DENIED, attempts: always("CREATE ROLE probe LOGIN") },
  {
    name: "locks another tenant out",
    expected: DENIED,
    attempts: ({ victim }) =>
      ["NOLOGIN", "CONNECTION LIMIT 0", "PASSWORD 'probe'", "SET statement_timeout = 1"].map((change) => [
        `ALTER ROLE ${victim.role} ${change}`,
      ]),
  },
  { name: "drops another tenant's role", expected: DENIED, attempts: ({ victim }) => [[`DROP ROLE ${victim.role}`]] },
  {
    name: "drops what another tenant owns",
    expected: DENIED,
    attempts: ({ victim }) => [[`DROP OWNED BY ${victim.role}`]],
  },
  {
    name: "takes over what another tenant owns",
    expected: DENIED,
    attempts: ({ attacker, victim }) => [[`REASSIGN OWNED BY ${victim.role} TO ${attacker.role}`]],
  },
  {
    name: "sets what the provisioner's next tables grant",
    expected: DENIED,
    attempts: ({ attacker }) => [
      [`ALTER DEFAULT PRIVILEGES FOR ROLE ${PROVISIONER} GRANT ALL ON TABLES TO ${attacker.role}`],
    ],
  },
  {
    name: "gives itself a password",
    expected: accepted("RDS lets a member of rds_iam log in by token alone"),
    attempts: ({ attacker }) => [[`ALTER ROLE ${attacker.role} PASSWORD 'probe'`]],
  },
];

/** Settings of a session: they are the tenant's, so nothing may hang on them. */
const SETTINGS: readonly Attack<World>[] = [
  {
    name: "raises its own statement_timeout",
    expected: accepted("any role may, so that the connection limit is what bounds a tenant"),
    attempts: always("SET LOCAL statement_timeout = 0"),
  },
  {
    name: "raises its own statement_timeout for good",
    expected: accepted("any role may, and the next provisioning sets it back"),
    attempts: ({ attacker }) => [[`ALTER ROLE ${attacker.role} SET statement_timeout = 0`]],
  },
  {
    name: "silences triggers and foreign keys",
    expected: DENIED,
    attempts: always("SET LOCAL session_replication_role = replica"),
  },
  {
    name: "has the server read its configuration again",
    expected: DENIED,
    attempts: always("SELECT pg_reload_conf()"),
  },
  { name: "silences the server's log", expected: DENIED, attempts: always("SET LOCAL log_statement = 'none'") },
  {
    name: "changes the database's defaults for everybody",
    expected: DENIED,
    attempts: always("ALTER DATABASE taskflow SET statement_timeout = 1"),
  },
];

/** Attacks on roles and settings. */
export const ROLE_ATTACKS = [...IDENTITY, ...SETTINGS];

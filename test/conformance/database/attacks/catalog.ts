import { PROVISIONER, TENANT_GROUP } from "../../../../functions/tenant-database/src";
import { type Attack, NOTHING } from "../attack";
import type { World } from "./world";

/** Schemas of ours, whosever they are. */
const OURS = "nspname !~ '^pg_' AND nspname <> 'information_schema'";

/** Login roles of tenants. */
const TENANTS = `r.rolname LIKE 'tenant\\_%' AND r.rolname <> '${PROVISIONER}'`;

const RELATIONS = "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace";

/** An attack that looks for a way, in the catalog that every role can read; what it finds is the way. */
function finds(what: string, query: (world: World) => string): Attack<World> {
  return { name: `finds ${what}`, expected: NOTHING, attempts: (world) => [[query(world)]] };
}

/** Doors that stand open without anyone going through: for whoever comes to own, join or call something later. */
export const CATALOG_ATTACKS: readonly Attack<World>[] = [
  finds(
    "a table without row-level security",
    () => `SELECT c.oid FROM ${RELATIONS} WHERE ${OURS} AND nspname <> 'platform' AND relkind IN ('r', 'p')
           AND NOT relrowsecurity`,
  ),
  finds(
    "a table whose owner passes by its policies",
    () => `SELECT c.oid FROM ${RELATIONS} WHERE ${OURS} AND nspname <> 'platform' AND relkind IN ('r', 'p')
           AND NOT relforcerowsecurity`,
  ),
  finds(
    "a policy that hangs on a setting",
    () => `SELECT polname FROM pg_policy WHERE concat(pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
           LIKE '%current_setting%'`,
  ),
  finds(
    "a view that reads with its owner's rights, or a copy without policies",
    () => `SELECT c.oid FROM ${RELATIONS} WHERE ${OURS}
           AND (relkind = 'm' OR relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (reloptions), false))`,
  ),
  finds(
    "a function of the platform's that it may execute",
    () => `SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE ${OURS} AND has_function_privilege(p.oid, 'EXECUTE')`,
  ),
  finds(
    "a relation that it may use and that is neither its own nor shared",
    ({ attacker }) => `SELECT c.oid FROM ${RELATIONS}
           WHERE ${OURS} AND nspname NOT IN ('shared', '${attacker.schema}') AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
           AND CASE relkind WHEN 'S' THEN has_sequence_privilege(c.oid, 'USAGE, SELECT, UPDATE')
               ELSE has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') END`,
  ),
  finds(
    "a right on its own or a shared table that passes by policies",
    ({ attacker }) => `SELECT c.oid FROM ${RELATIONS}
           WHERE nspname IN ('shared', '${attacker.schema}') AND relkind IN ('r', 'p')
           AND has_table_privilege(c.oid, 'TRUNCATE, REFERENCES, TRIGGER')`,
  ),
  finds(
    "a unique key that does not lead with the tenant",
    () => `SELECT i.indexrelid FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
           JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
           WHERE ${OURS} AND nspname <> 'platform' AND i.indisunique AND a.attname <> 'tenant_id'`,
  ),
  finds(
    "a foreign key that does not carry the tenant",
    () => `SELECT k.oid FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
           JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
           WHERE ${OURS} AND nspname <> 'platform' AND k.contype = 'f' AND a.attname <> 'tenant_id'`,
  ),
  finds(
    "a tenant's role with an attribute, without a connection limit or in a role that it should not be in",
    () => `SELECT r.oid FROM pg_roles r WHERE ${TENANTS} AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb
           OR rolreplication OR rolconnlimit < 1 OR EXISTS (SELECT FROM pg_auth_members m
             WHERE m.member = r.oid AND m.roleid::regrole::text NOT IN ('${TENANT_GROUP}', 'rds_iam')))`,
  ),
  finds(
    "an object that a tenant's role owns",
    () => `SELECT c.oid FROM ${RELATIONS} JOIN pg_roles r ON r.oid IN (c.relowner, n.nspowner)
           WHERE ${OURS} AND ${TENANTS}`,
  ),
];

import { accepted, type Attack, DENIED, NOTHING } from "../attack";
import type { SharedTable, World } from "./world";

/** For every shared table, an attempt of one statement. */
function onShared(statement: (table: SharedTable, world: World) => string): Attack<World>["attempts"] {
  return (world) => world.shared.map((table) => [statement(table, world)]);
}

/** For the shared tables that tenants may insert into. */
function onEvents(...statements: readonly ((table: SharedTable, world: World) => string)[]): Attack<World>["attempts"] {
  return (world) =>
    world.shared
      .filter(({ insert }) => insert !== undefined)
      .map((table) => statements.map((statement) => statement(table, world)));
}

function isVictims({ victim }: World): string {
  return `tenant_id = '${victim.id}'`;
}

/** Tables that hold every tenant's rows: policies alone stand between them. */
export const SHARED_ATTACKS: readonly Attack<World>[] = [
  {
    name: "reads its own rows of a shared table",
    expected: accepted("they are its own"),
    attempts: onShared(({ name }) => `SELECT 1 / (SELECT count(*) FROM ${name})`),
  },
  {
    name: "reads another tenant's rows of a shared table",
    expected: NOTHING,
    attempts: onShared(({ name }, world) => `SELECT * FROM ${name} WHERE ${isVictims(world)}`),
  },
  {
    name: "reads any row of a shared table that is not its own",
    expected: NOTHING,
    attempts: onShared(({ name }, { attacker }) => `SELECT * FROM ${name} WHERE tenant_id <> '${attacker.id}'`),
  },
  {
    name: "reads another tenant's rows with a setting for the key",
    expected: NOTHING,
    attempts: (world) =>
      ["app.tenant", "app.tenant_id", "app.current_tenant", "taskflow.tenant", "role.tenant"].flatMap((setting) =>
        world.shared.map(({ name }) => [
          `SET LOCAL ${setting} = '${world.victim.id}'`,
          `SELECT * FROM ${name} WHERE ${isVictims(world)}`,
        ]),
      ),
  },
  {
    name: "reads a shared table with row security off",
    expected: DENIED,
    attempts: (world) => world.shared.map(({ name }) => ["SET LOCAL row_security = off", `TABLE ${name}`]),
  },
  {
    name: "makes an error show another tenant's row",
    expected: NOTHING,
    // Were the condition looked at before the policy, the cast would fail on a row of the victim's and quote it.
    attempts: onShared(({ name }, world) => `SELECT * FROM ${name} WHERE ${isVictims(world)} AND tenant_id::int = 0`),
  },
  {
    name: "reads another tenant's rows by a cursor that outlives the transaction's role",
    expected: NOTHING,
    attempts: (world) =>
      world.shared.map(({ name }) => [
        `DECLARE probe CURSOR FOR SELECT * FROM ${name} WHERE ${isVictims(world)}`,
        "FETCH ALL FROM probe",
      ]),
  },
  {
    name: "copies another tenant's rows of a shared table out",
    expected: NOTHING,
    attempts: onShared(({ name }, world) => `COPY (SELECT * FROM ${name} WHERE ${isVictims(world)}) TO STDOUT`),
  },
  {
    name: "locks another tenant's rows of a shared table",
    expected: DENIED,
    attempts: onShared(({ name }, world) => `SELECT 1 FROM ${name} WHERE ${isVictims(world)} FOR UPDATE`),
  },
  {
    name: "locks a shared table against every writer",
    expected: DENIED,
    attempts: onShared(({ name }) => `LOCK TABLE ${name} IN SHARE MODE`),
  },
  {
    name: "locks a shared table that it may insert into, as an insert does",
    expected: accepted("it keeps out data definition alone, which gives up after its lock_timeout and is repeated"),
    attempts: onEvents(({ name }) => `LOCK TABLE ${name} IN ROW EXCLUSIVE MODE`),
  },
  {
    name: "inserts a row of its own",
    expected: accepted("events are for tenants to write"),
    attempts: onEvents(({ insert }, { attacker }) => insert?.(attacker.id, "gen_random_uuid()") ?? ""),
  },
  {
    name: "inserts a row in another tenant's name",
    expected: DENIED,
    attempts: onEvents(({ insert }, { victim }) => insert?.(victim.id, "gen_random_uuid()") ?? ""),
  },
  {
    name: "tries whether another tenant has a key, in that tenant's name",
    // A unique violation would say that it has; the policy is looked at before the index.
    expected: DENIED,
    attempts: onEvents(({ insert, victimsKey }, { victim }) => insert?.(victim.id, `'${victimsKey}'`) ?? ""),
  },
  {
    name: "tries whether another tenant has a key, in its own name",
    expected: accepted("the key leads with the tenant, so another's is no conflict"),
    attempts: onEvents(({ insert, victimsKey }, { attacker }) => insert?.(attacker.id, `'${victimsKey}'`) ?? ""),
  },
  {
    name: "overwrites another tenant's row by a conflict",
    expected: DENIED,
    attempts: onEvents(
      ({ insert, victimsKey }, { victim, attacker }) =>
        `${insert?.(victim.id, `'${victimsKey}'`) ?? ""}
         ON CONFLICT (tenant_id, event_id) DO UPDATE SET tenant_id = '${attacker.id}'`,
    ),
  },
  {
    name: "tries whether a tenant exists by a foreign key",
    // A foreign key violation would say that it does not; checks of keys pass by policies.
    expected: DENIED,
    attempts: onEvents(({ insert }) => insert?.("no-such-tenant", "gen_random_uuid()") ?? ""),
  },
  {
    name: "updates a shared table",
    expected: DENIED,
    attempts: onShared(({ name }, { attacker }) => `UPDATE ${name} SET tenant_id = '${attacker.id}'`),
  },
  { name: "deletes from a shared table", expected: DENIED, attempts: onShared(({ name }) => `DELETE FROM ${name}`) },
  { name: "truncates a shared table", expected: DENIED, attempts: onShared(({ name }) => `TRUNCATE ${name} CASCADE`) },
  {
    name: "alters a shared table",
    expected: DENIED,
    attempts: onShared(({ name }) => `ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`),
  },
  {
    name: "adds a policy to a shared table",
    expected: DENIED,
    attempts: onShared(({ name }) => `CREATE POLICY probe ON ${name} USING (true)`),
  },
  { name: "drops a shared table", expected: DENIED, attempts: onShared(({ name }) => `DROP TABLE ${name} CASCADE`) },
  {
    name: "reads statistics of a shared table, which quote common values",
    expected: NOTHING,
    attempts: () => [["SELECT * FROM pg_stats WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"]],
  },
  {
    name: "reads a table of the platform",
    expected: DENIED,
    attempts: ({ platform }) => platform.map((table) => [`TABLE ${table}`]),
  },
  {
    name: "creates a table in a schema of the platform",
    expected: DENIED,
    attempts: () => ["public", "shared", "platform"].map((schema) => [`CREATE TABLE ${schema}.probe (id int)`]),
  },
  {
    name: "creates a function in a schema of the platform",
    expected: DENIED,
    attempts: () =>
      ["public", "shared", "platform"].map((schema) => [
        `CREATE FUNCTION ${schema}.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'`,
      ]),
  },
];

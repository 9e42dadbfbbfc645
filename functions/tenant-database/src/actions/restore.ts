import archiveSql from "../../sql/archive.sql";
import replaceSql from "../../sql/copy/replace.sql";
import serverSql from "../../sql/copy/server.sql";
import sessionSql from "../../sql/copy/session.sql";
import snapshotSql from "../../sql/copy/snapshot.sql";
import login from "../../sql/login.sql";
import noLogin from "../../sql/no-login.sql";
import restoreSql from "../../sql/restore.sql";
import schemaSql from "../../sql/schema.sql";
import { asideName, replacedMark } from "../aside";
import { copySchema } from "../copy";
import { type CopyDatabase, type Database, inTransaction, queryRow } from "../database";
import { TenantDatabaseError } from "../error";
import { render } from "../quote";
import { endRoleSessions, readState } from "../state";
import { type ActionResult, type TenantInput } from "../tenant";
import { VERSIONS } from "../versions";
import { bringUp, provision, sqlValues } from "./provision";

/** Connections of the provisioner. The source's and the target's are the action's alone, and are closed after it. */
export interface RestoreServers {
  /** The instance that was restored from a backup. */
  readonly source: CopyDatabase;
  /** The live instance. */
  readonly target: CopyDatabase;
  /** Runs work in another session of the live instance, whose effect is seen before the target's transaction ends. */
  readonly beside: <T>(work: (db: Database) => Promise<T>) => Promise<T>;
}

/** The tenant on the server that it is brought back from. */
interface Origin {
  readonly schema: string;
  readonly version: number;
}

/**
 * Brings a tenant's schema back from a restored instance: copies it, in one snapshot, into a fresh schema of the live one,
 * compares counts and checksums, shuts the tenant out, and swaps both by rename. What the tenant had stays as
 * `replaced_<schema>_<instant>`; its rows in `shared` are not touched. One transaction of the live instance: cut off
 * anywhere, the tenant has what it had, at worst without LOGIN, which a repeat or `provision` gives back.
 *
 * @param requestedAt - a request that is repeated with the same instant changes nothing once it is done
 * @throws TenantDatabaseError if the source is not another server that holds the tenant whole, or the copy differs from it
 */
export async function restore(servers: RestoreServers, tenant: TenantInput, requestedAt: Date): Promise<ActionResult> {
  const { source, target, beside } = servers;
  const stamp = requestedAt.toISOString().replaceAll(/\D/g, "").slice(0, 14);
  const replaced = asideName("replaced", tenant.schema, stamp);
  const origin = await openSnapshot(servers, tenant);
  // As Terraform would: what the policies of the copy name is there, and a lost schema is no special case.
  await provision(target, tenant);
  let shutOut = false;
  try {
    const changed = await inTransaction(target, `tenant:${tenant.id}`, async () => {
      if ((await readState(target, { ...tenant, schema: replaced })).catalog["has_schema"] === true) {
        return [];
      }
      await target.query(sessionSql);
      const restoring = asideName("restoring", tenant.schema, stamp);
      const values = { ...sqlValues(tenant), ...origin, mark: replacedMark(tenant.id) };
      const versions = VERSIONS.filter(({ version }) => version <= origin.version).map(({ sql }) => sql);
      await target.query(
        [schemaSql, ...versions].map((sql) => render(sql, { ...values, schema: restoring })).join("\n"),
      );
      const counts = await copySchema({ db: source, schema: origin.schema }, { db: target, schema: restoring });

      shutOut = true;
      await beside(async (db) => {
        await db.query(render(noLogin, { role: tenant.role }));
        await endRoleSessions(db, tenant.role);
      });
      const swap = [
        render(archiveSql, { ...values, schema: tenant.schema, archived_schema: replaced }),
        render(restoreSql, { ...values, schema: tenant.schema, archived_schema: restoring }),
        render(replaceSql, { ...values, archived_schema: replaced }),
      ];
      await target.query(swap.join("\n"));
      return [...counts, `schema ${replaced}`, ...(await bringUp(target, tenant))];
    });
    return { action: "restore", changed };
  } catch (error) {
    if (shutOut && tenant.state === "active") {
      // Back to what it had. Where this fails too, the first error matters, and a repeat mends it.
      await beside((db) => db.query(render(login, { role: tenant.role }))).catch(() => undefined);
    }
    throw error;
  }
}

/**
 * Begins the one snapshot that everything is read in. It is never ended: the connection closes, and a statement after a COPY
 * that was cut short would wait for it.
 */
async function openSnapshot({ source, target }: RestoreServers, tenant: TenantInput): Promise<Origin> {
  const [from, live] = await Promise.all([queryRow(source, serverSql), queryRow(target, serverSql)]);
  if (JSON.stringify(from) === JSON.stringify(live)) {
    throw new TenantDatabaseError("RESTORE_SOURCE", "the source is the live server itself");
  }
  await source.query(`${snapshotSql}\n${sessionSql}`);
  const { record } = await readState(source, tenant);
  if (record?.["has_own_schema"] !== true || record["state"] === "purged") {
    const state = record === undefined ? "unknown" : String(record["state"]);
    throw new TenantDatabaseError(
      "RESTORE_SOURCE",
      `tenant "${tenant.id}" is ${state} on the source, without a schema`,
    );
  }
  const version = Number(record["version"]);
  if (version > VERSIONS.length) {
    throw new TenantDatabaseError(
      "SCHEMA_VERSION",
      `tenant "${tenant.id}": the source is at version ${version}; known: 1 to ${VERSIONS.length}`,
    );
  }
  return { schema: String(record["schema"]), version };
}

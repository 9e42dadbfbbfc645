import archiveRecord from "../../sql/archive-record.sql";
import archiveSql from "../../sql/archive.sql";
import leaveGroup from "../../sql/leave-group.sql";
import noLogin from "../../sql/no-login.sql";
import { asideName } from "../aside";
import { type Database, inTransaction } from "../database";
import { render } from "../quote";
import { endRoleSessions, readState } from "../state";
import { type ActionResult, type TenantIdentity, TENANT_GROUP, utcDate } from "../tenant";

/**
 * Shuts a tenant out and puts its schema aside as `archived_<schema>_<yyyymmdd>`. Nothing is dropped: `provision` brings
 * it back. A tenant that is archived or purged already, or was never made, is left as it is, so that Terraform's delete
 * always comes to an end.
 *
 * @param now - its day in UTC names the archived schema
 */
export async function archive(db: Database, tenant: TenantIdentity, now: Date): Promise<ActionResult> {
  const changed = await inTransaction(db, `tenant:${tenant.id}`, async () => {
    const { catalog, record } = await readState(db, tenant);
    const values = {
      ...tenant,
      group: TENANT_GROUP,
      archived_schema: asideName("archived", tenant.schema, utcDate(now).replaceAll("-", "")),
      today: utcDate(now),
    };
    const steps = [
      ...(catalog["can_login"] === true ? [{ sql: noLogin, change: "no login" }] : []),
      ...(catalog["in_group"] === true ? [{ sql: leaveGroup, change: "group" }] : []),
      ...(catalog["has_schema"] === true && catalog["has_role"] === true
        ? [{ sql: archiveSql, change: `schema ${values.archived_schema}` }]
        : []),
      ...(record?.["state"] === "active" || record?.["state"] === "suspended"
        ? [{ sql: archiveRecord, change: "record" }]
        : []),
    ];
    if (steps.length > 0) {
      await db.query(steps.map(({ sql }) => render(sql, values)).join("\n"));
    }
    return steps.map(({ change }) => change);
  });
  const ended = await endRoleSessions(db, tenant.role);
  return { action: "archive", changed: ended ? [...changed, "sessions"] : changed };
}

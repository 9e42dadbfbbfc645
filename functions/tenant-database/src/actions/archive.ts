import { createHash } from "node:crypto";

import archiveRecord from "../../sql/archive-record.sql";
import archiveSql from "../../sql/archive.sql";
import leaveGroup from "../../sql/leave-group.sql";
import noLogin from "../../sql/no-login.sql";
import { type Database, inTransaction } from "../database";
import { MAX_IDENTIFIER_BYTES, render } from "../quote";
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
      archived_schema: archivedSchema(tenant.schema, now),
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

/** A name that would be cut at 63 bytes, losing its date, bears a hash in place of the schema's end. */
function archivedSchema(schema: string, now: Date): string {
  const named = (middle: string): string => `archived_${middle}_${utcDate(now).replaceAll("-", "")}`;
  const name = named(schema);
  if (name.length <= MAX_IDENTIFIER_BYTES) {
    return name;
  }
  const hash = createHash("sha256").update(schema).digest("hex").slice(0, 8);
  const room = MAX_IDENTIFIER_BYTES - named(`_${hash}`).length;
  return named(`${schema.slice(0, room)}_${hash}`);
}

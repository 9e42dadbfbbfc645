import bootstrapState from "../../sql/bootstrap-state.sql";
import eventTrigger from "../../sql/event-trigger.sql";
import groupConnect from "../../sql/group-connect.sql";
import platform from "../../sql/platform.sql";
import provisionerByMaster from "../../sql/provisioner-by-master.sql";
import provisionerIam from "../../sql/provisioner-iam.sql";
import provisionerReturn from "../../sql/provisioner-return.sql";
import provisionerRights from "../../sql/provisioner-rights.sql";
import provisioner from "../../sql/provisioner.sql";
import publicPrivileges from "../../sql/public-privileges.sql";
import { type Database, inTransaction, queryRow, type Row } from "../database";
import { TenantDatabaseError } from "../error";
import { render } from "../quote";
import { type ActionResult, PROVISIONER, TENANT_GROUP } from "../tenant";

export interface BootstrapOptions {
  /**
   * Whether tables of tenants' schemas get row-level security by an event trigger. It takes a superuser or RDS's
   * `rds_superuser`; without it the check after every `provision` still refuses an unprotected table.
   * @default - where the login may create one
   */
  readonly eventTrigger?: boolean;
}

/** Version of `platform.sql`, kept as the comment on the schema. */
const PLATFORM_VERSION = "1";

/** Memberships with SET and INHERIT of their own. */
const POSTGRESQL_16 = 160_000;

/**
 * Makes what every tenant relies on: provisioner, group role, `platform` and `shared`; and takes from PUBLIC what would
 * let anybody in. To be run by the master user, or a superuser, in the platform's database.
 *
 * @throws TenantDatabaseError where an earlier run's work was altered in a way that the login may not mend
 */
export function bootstrap(db: Database, options: BootstrapOptions = {}): Promise<ActionResult> {
  return inTransaction(db, "bootstrap", async () => {
    const state = await queryRow(db, render(bootstrapState, { provisioner: PROVISIONER }));
    const steps = plan(state, options);
    if (steps.length > 0) {
      const values = {
        provisioner: PROVISIONER,
        group: TENANT_GROUP,
        database: String(state["database"]),
        master: String(state["master"]),
      };
      await db.query(steps.map(({ sql }) => render(sql, values)).join("\n"));
    }
    return { action: "bootstrap", changed: steps.flatMap(({ change }) => change ?? []) };
  });
}

interface Step {
  readonly sql: string;
  /** @default - a helper of the steps around it, no change of its own */
  readonly change?: string;
}

function plan(state: Row, options: BootstrapOptions): readonly Step[] {
  const isNew = state["has_provisioner"] !== true;
  checkExisting(state, isNew);
  const borrows = isNew && state["superuser"] !== true;
  if (borrows && Number(state["server_version"]) < POSTGRESQL_16) {
    throw new TenantDatabaseError("UNSUPPORTED_SERVER", "a master that is no superuser needs PostgreSQL 16 or later");
  }
  const publicHasRights = ["public_connect", "public_temporary", "public_create"].some(
    (right) => state[right] === true,
  );
  const mayTrigger = options.eventTrigger ?? (state["superuser"] === true || state["rds_superuser"] === true);
  const needsTrigger = mayTrigger && state["has_event_trigger"] !== true;
  return [
    ...(isNew
      ? [
          { sql: borrows ? provisionerByMaster : provisioner, change: `role ${PROVISIONER}` },
          { sql: provisionerRights },
        ]
      : []),
    ...(state["has_rds_iam"] === true && state["provisioner_grants_iam"] !== true
      ? [{ sql: provisionerIam, change: "rds_iam" }]
      : []),
    ...(isNew
      ? [
          { sql: `set local role :"provisioner";` },
          { sql: platform, change: "schemas platform and shared" },
          { sql: "set local role none;" },
          { sql: groupConnect },
        ]
      : []),
    ...(borrows ? [{ sql: provisionerReturn }] : []),
    ...(publicHasRights ? [{ sql: publicPrivileges, change: "privileges of PUBLIC" }] : []),
    ...(needsTrigger ? [{ sql: eventTrigger, change: "event trigger" }] : []),
  ];
}

/** One transaction makes role and schemas together; one without the other is somebody's doing. */
function checkExisting(state: Row, isNew: boolean): void {
  const version = isNew ? "0" : PLATFORM_VERSION;
  if (state["platform_version"] !== version) {
    throw new TenantDatabaseError(
      "NOT_BOOTSTRAPPED",
      `schema platform is at version ${String(state["platform_version"])} where ${version} was expected`,
    );
  }
  if (!isNew && state["provisioner_right"] !== true) {
    throw new TenantDatabaseError(
      "ISOLATION",
      `role ${PROVISIONER} must have LOGIN and CREATEROLE, and neither SUPERUSER, BYPASSRLS, CREATEDB nor REPLICATION`,
    );
  }
}

import bootstrapState from "../../sql/bootstrap-state.sql";
import connect from "../../sql/connect.sql";
import eventTrigger from "../../sql/event-trigger.sql";
import groupMemberBefore16 from "../../sql/group-member-before-16.sql";
import groupMember from "../../sql/group-member.sql";
import iam from "../../sql/iam.sql";
import monitorBefore16 from "../../sql/monitor-before-16.sql";
import monitor from "../../sql/monitor.sql";
import platform from "../../sql/platform.sql";
import provisionerByMaster from "../../sql/provisioner-by-master.sql";
import provisionerReturn from "../../sql/provisioner-return.sql";
import provisionerRights from "../../sql/provisioner-rights.sql";
import provisioner from "../../sql/provisioner.sql";
import publicPrivileges from "../../sql/public-privileges.sql";
import { type Database, inTransaction, queryRow, type Row } from "../database";
import { TenantDatabaseError } from "../error";
import { render, type SqlValue } from "../quote";
import { type ActionResult, MONITOR, PROVISIONER, TENANT_GROUP } from "../tenant";

export interface BootstrapOptions {
  /**
   * Whether tables of tenants' schemas get row-level security by an event trigger. It takes a superuser or RDS's
   * `rds_superuser`; without it the check after every `provision` still refuses an unprotected table.
   * @default - where the login may create one
   */
  readonly eventTrigger?: boolean;
}

/** Roles that the statements name. */
const NAMES = { provisioner: PROVISIONER, group: TENANT_GROUP, monitor: MONITOR };

/** Version of `platform.sql` and of what comes with it, kept as the comment on the schema. */
const PLATFORM_VERSION = "2";

/** What lets the monitor see other roles' sessions. */
const STATISTICS = "pg_read_all_stats";

/** Holds STATISTICS and more; RDS documents for this one alone that its master may grant it. */
const STATISTICS_OF_RDS = "pg_monitor";

/** Memberships with SET and INHERIT of their own. */
const POSTGRESQL_16 = 160_000;

/**
 * Makes what every tenant relies on: provisioner, group role, `platform` and `shared`, and the metrics' role; and takes
 * from PUBLIC what would let anybody in. To be run by the master user, or a superuser, in the platform's database.
 *
 * @throws TenantDatabaseError where an earlier run's work was altered in a way that the login may not mend
 */
export function bootstrap(db: Database, options: BootstrapOptions = {}): Promise<ActionResult> {
  return inTransaction(db, "bootstrap", async () => {
    const state = await queryRow(db, render(bootstrapState, NAMES));
    const steps = plan(state, options);
    if (steps.length > 0) {
      const found = { database: String(state["database"]), master: String(state["master"]) };
      await db.query(steps.map(({ sql, values }) => render(sql, { ...NAMES, ...found, ...values })).join("\n"));
    }
    return { action: "bootstrap", changed: steps.flatMap(({ change }) => change ?? []) };
  });
}

interface Step {
  readonly sql: string;
  readonly values?: Readonly<Record<string, SqlValue>>;
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
          { sql: `set local role :"provisioner";` },
          { sql: platform, change: "schemas platform and shared" },
          { sql: monitor, change: `role ${MONITOR}` },
          { sql: "set local role none;" },
          { sql: connect },
          ...statisticsSteps(state),
        ]
      : []),
    ...(state["has_rds_iam"] === true && state["has_iam_members"] !== true ? [{ sql: iam, change: "rds_iam" }] : []),
    ...(borrows ? [{ sql: provisionerReturn }] : []),
    ...(publicHasRights ? [{ sql: publicPrivileges, change: "privileges of PUBLIC" }] : []),
    ...(needsTrigger ? [{ sql: eventTrigger, change: "event trigger" }] : []),
  ];
}

/** By the master, who alone has ADMIN on the server's own roles. */
function statisticsSteps(state: Row): readonly Step[] {
  const values = { role: MONITOR, group: state["grants_statistics"] === true ? STATISTICS : STATISTICS_OF_RDS };
  return Number(state["server_version"]) >= POSTGRESQL_16
    ? [{ sql: groupMember, values }]
    : [{ sql: monitorBefore16 }, { sql: groupMemberBefore16, values }];
}

/** One transaction makes roles and schemas together; some without the others is somebody's doing. */
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
  if (!isNew && state["monitor_right"] !== true) {
    throw new TenantDatabaseError(
      "ISOLATION",
      `role ${MONITOR} must have LOGIN, no other attribute, and no membership but in rds_iam and ` +
        `${STATISTICS} or ${STATISTICS_OF_RDS}`,
    );
  }
}

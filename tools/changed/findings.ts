import { SECONDARY_STACK_PREFIX, shardStackName } from "../../tenancy";
import type { PlacedRow, RowChanges } from "../../tenancy/rows";
import type { Finding } from "../cli/finding";
import type { Change, Output } from "./compare";
import { grouped } from "../grouped";

/** The tenants file before and after. */
export interface Rows {
  /** Names of the two texts in messages. */
  readonly baseFile: string;
  readonly file: string;
  readonly before: ReadonlyMap<string, PlacedRow>;
  readonly after: ReadonlyMap<string, PlacedRow>;
  readonly changes: RowChanges;
}

export interface ChangeContext {
  readonly before: Output;
  readonly after: Output;
  /** Absent where the rows before are not known. */
  readonly rows?: Rows;
  /** Files that every tenant is made from and that differ. */
  readonly sharedFiles: readonly string[];
}

/** Addresses that a message names; the report has them all. */
const NAMED = 3;

/** What a change must not do. */
export function changeFindings(changes: readonly Change[], context: ChangeContext): readonly Finding[] {
  return [
    ...lostStacks(context),
    ...lostState(changes, context),
    ...lostDatabases(changes, context),
    ...strangers(changes, context),
  ];
}

function lostStacks({ before, after }: ChangeContext): readonly Finding[] {
  return [...before.keys()]
    .filter((name) => !after.has(name))
    .map((name) => ({
      message: `stack ${name} vanishes from the output; what it made would stay, with nobody to manage it`,
    }));
}

function lostState(changes: readonly Change[], context: ChangeContext): readonly Finding[] {
  return changes.flatMap((change) => {
    const { action, stack, address, tenant, isStateful, losesGuard } = change;
    const place = placeOf(tenant, context.rows);
    if (isStateful && isLoss(action)) {
      return [{ ...place, message: `${stack}: ${address} holds state and would be destroyed (${action})` }];
    }
    return losesGuard ? [{ ...place, message: `${stack}: ${address} loses prevent_destroy` }] : [];
  });
}

function isLoss(action: Change["action"]): boolean {
  return action === "removed" || action === "replaced";
}

/** The database function archives on destroy: meant where a tenant is offboarded, a loss of service anywhere else. */
function lostDatabases(changes: readonly Change[], { rows }: ChangeContext): readonly Finding[] {
  return changes
    .filter(({ type, action, isCreateOnly }) => type === "aws_lambda_invocation" && isLoss(action) && !isCreateOnly)
    .flatMap(({ stack, address, tenant }) => {
      const state = tenant === undefined ? undefined : rows?.after.get(tenant)?.state;
      return tenant === undefined || state === "offboarding" || state === "purged"
        ? []
        : [
            {
              ...placeOf(tenant, rows),
              message: `${stack}: ${address} would be destroyed, which archives the schema of "${tenant}"; offboard it instead`,
            },
          ];
    });
}

/** Where nothing but rows differs, each row answers for its own tenant alone. */
function strangers(changes: readonly Change[], { rows, sharedFiles }: ChangeContext): readonly Finding[] {
  const meant = rows === undefined ? [] : touchedIds(rows);
  if (rows === undefined || sharedFiles.length > 0 || meant.length === 0) {
    return [];
  }
  const others = changes
    .filter(({ tenant }) => tenant === undefined || !meant.includes(tenant))
    // A data source or a local that comes or goes with a row makes nothing and is read by that row's tenant alone.
    .filter(({ type, action }) => type !== undefined || action === "changed");
  const groups = grouped(others, ({ tenant, stack }) => tenant ?? `stack ${stack}`);
  return [...groups].map(([owner, touched]) => {
    const [first] = touched;
    const stack = first?.stack ?? "";
    const cause = meant.find((id) => stacksOf(id, rows).includes(stack)) ?? meant[0];
    const victim =
      first?.tenant === undefined ? `the shared part of ${owner}` : `tenant "${owner}", whose row is the same`;
    return {
      ...placeOf(cause, rows),
      message: `the change of ${listed(meant.map((id) => `"${id}"`))} touches ${victim}: ${listed(
        touched.map(({ address }) => address),
      )}`,
    };
  });
}

/** Ids of all rows that differ, sorted. */
function touchedIds({ changes: { added, changed, removed } }: Rows): readonly string[] {
  return [...added, ...changed, ...removed].sort();
}

/** A tenant's stacks, whether or not there is a second region. */
function stacksOf(id: string, rows: Rows): readonly string[] {
  const row = rows.after.get(id) ?? rows.before.get(id);
  const name = row && shardStackName(row.shard);
  return name === undefined ? [] : [name, `${SECONDARY_STACK_PREFIX}${name}`];
}

function placeOf(tenant: string | undefined, rows: Rows | undefined): Pick<Finding, "file" | "line" | "column"> {
  if (tenant === undefined || rows === undefined) {
    return {};
  }
  const after = rows.after.get(tenant);
  const row = after ?? rows.before.get(tenant);
  return row === undefined
    ? {}
    : { file: after === undefined ? rows.baseFile : rows.file, line: row.line, column: row.column };
}

function listed(words: readonly string[]): string {
  const rest = words.length - NAMED;
  return rest > 0 ? `${words.slice(0, NAMED).join(", ")} and ${rest} more` : words.join(", ");
}

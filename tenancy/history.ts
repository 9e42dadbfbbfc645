import type { Finding } from "./finding";
import { FIRST_STATES, forbiddenMove } from "./lifecycle";
import { nearest } from "./nearest";
import type { PlacedRow } from "./rows";

/** One side of a comparison. */
export interface Side {
  /** Name of the file in messages. */
  readonly file: string;
  readonly rows: ReadonlyMap<string, PlacedRow>;
}

export interface HistoryOptions {
  /** The day, like 2027-03-31, by which a retention has passed or not. */
  readonly today: string;
  /** Ids of tenants whose states have been moved to the shard that their row names now. */
  readonly moved: readonly string[];
}

/** What a change to the tenants file may not do, whatever the result looks like by itself. */
export function historyFindings(base: Side, head: Side, options: HistoryOptions): readonly Finding[] {
  const removed = [...base.rows.values()].filter(({ id }) => !head.rows.has(id));
  const added = [...head.rows.values()].filter(({ id }) => !base.rows.has(id));
  const renamed = new Map(
    removed
      .filter(({ state }) => state !== "purged")
      .flatMap((row) => {
        const successor = successorOf(row, added);
        return successor === undefined ? [] : [[row.id, successor] as const];
      }),
  );
  const successors = new Set(renamed.values());
  return [
    ...removed.flatMap((row) => removalFindings(base.file, row, head.file, renamed.get(row.id))),
    ...added
      .filter((row) => !successors.has(row) && !FIRST_STATES.includes(row.state))
      .map((row) =>
        at(head.file, row, `a new row begins in state "${row.state}"; allowed: ${FIRST_STATES.join(", ")}`),
      ),
    ...[...head.rows.values()].flatMap((row) => {
      const before = base.rows.get(row.id);
      return before === undefined ? [] : changeFindings(head.file, before, row, options);
    }),
  ];
}

function at(file: string, row: PlacedRow, message: string): Finding {
  const { line, column, index } = row;
  return { file, line, column, message: `tenants[${index}]: ${message}` };
}

/** The new row that a vanished one was most likely renamed to. */
function successorOf(row: PlacedRow, added: readonly PlacedRow[]): PlacedRow | undefined {
  const sameName = row.name === "" ? undefined : added.find(({ name }) => name === row.name);
  const nearId = nearest(
    row.id,
    added.map(({ id }) => id),
  );
  return sameName ?? added.find(({ id }) => id === nearId);
}

function removalFindings(
  baseFile: string,
  row: PlacedRow,
  headFile: string,
  successor: PlacedRow | undefined,
): readonly Finding[] {
  if (row.state === "purged") {
    return [];
  }
  if (successor !== undefined) {
    const message =
      `id changes from "${row.id}" to "${successor.id}"; an id never changes: namespace, host, roles and schema are named ` +
      `after it, so "${row.id}" would be destroyed and "${successor.id}" made empty`;
    return [at(headFile, successor, message)];
  }
  const message = `row "${row.id}" vanishes in state "${row.state}"; allowed: only a row in state purged may vanish`;
  return [at(baseFile, row, message)];
}

function changeFindings(
  file: string,
  before: PlacedRow,
  row: PlacedRow,
  { today, moved }: HistoryOptions,
): readonly Finding[] {
  const move = forbiddenMove(before.state, row.state);
  return [
    ...(move === undefined ? [] : [move]),
    ...shardMove(before, row, moved),
    ...regionMove(before, row, moved),
    ...shortened(before, row),
    ...(before.state === "offboarding" && row.state === "purged" ? tooEarly(before, today) : []),
  ].map((message) => at(file, row, `"${row.id}": ${message}`));
}

/** Two states would fight over one namespace; a tenant without resources has nothing to fight over. */
function shardMove(before: PlacedRow, row: PlacedRow, moved: readonly string[]): readonly string[] {
  return before.shard === row.shard || hasNone(before) || moved.includes(row.id)
    ? []
    : [
        `shard moves from ${before.shard} to ${row.shard}; allowed: ${before.shard}, or first move the tenant's resources ` +
          `between the two states, then pass --moved ${row.id}`,
      ];
}

/** The new region's database would begin empty, and the old one's archive the tenant's schema. */
function regionMove(before: PlacedRow, row: PlacedRow, moved: readonly string[]): readonly string[] {
  return before.homeRegion === row.homeRegion || hasNone(before) || moved.includes(row.id)
    ? []
    : [
        `region moves from ${before.homeRegion} to ${row.homeRegion}, and the tenant's data does not; allowed: ` +
          `${before.homeRegion}, or first bring the data over, then pass --moved ${row.id}`,
      ];
}

function hasNone({ state }: PlacedRow): boolean {
  return state === "offboarding" || state === "purged";
}

/** Dates of this form sort as text. */
function shortened(before: PlacedRow, row: PlacedRow): readonly string[] {
  const isKept = row.state === "offboarding" || row.state === "purged";
  return before.retainUntil !== undefined &&
    row.retainUntil !== undefined &&
    isKept &&
    row.retainUntil < before.retainUntil
    ? [`retainUntil is shortened from ${before.retainUntil} to ${row.retainUntil}; allowed: the same day or later`]
    : [];
}

function tooEarly(before: PlacedRow, today: string): readonly string[] {
  const { retainUntil } = before;
  return retainUntil === undefined || today > retainUntil
    ? []
    : [`purged on ${today}, but its data is kept until ${retainUntil}; allowed: from the day after`];
}

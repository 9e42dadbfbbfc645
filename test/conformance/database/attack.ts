import { DatabaseError } from "pg";

/** What an attempt must come to: the SQLSTATE of a refusal, no row read or written, or a success that does no harm. */
export type Expected =
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "nothing" }
  | { readonly kind: "accepted"; readonly reason: string };

/** The SQLSTATEs by their names in PostgreSQL's table of error codes. */
export const SQLSTATE = {
  insufficientPrivilege: "42501",
  undefinedTable: "42P01",
  uniqueViolation: "23505",
  queryCanceled: "57014",
  tooManyConnections: "53300",
  objectNotInPrerequisiteState: "55000",
  checkViolation: "23514",
} as const;

/** The permission is denied, by a grant that is missing or by a policy. */
export const DENIED: Expected = { kind: "refused", code: SQLSTATE.insufficientPrivilege };

/** The statement runs and neither returns nor changes a row. */
export const NOTHING: Expected = { kind: "nothing" };

/** A statement that runs, and why that is no breach. */
export function accepted(reason: string): Expected {
  return { kind: "accepted", reason };
}

/** Statements run in order on one session: what the first that fails, or else the last, comes to is the outcome. */
export type Attempt = readonly string[];

/** One way of one tenant to another, by every object that it applies to. */
export interface Attack<World> {
  readonly name: string;
  readonly expected: Expected;
  readonly attempts: (world: World) => readonly Attempt[];
}

/** Whatever runs a statement: a client, or a transaction that plays the tenant. */
export interface Session {
  query(sql: string): Promise<{ readonly rowCount: number | null }>;
}

/** An attempt's end. */
type Outcome =
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  | { readonly kind: "ran"; readonly rows: number };

/** The attack's name with what must come of it, for a report. */
export function title({ name, expected }: Pick<Attack<never>, "name" | "expected">): string {
  switch (expected.kind) {
    case "refused":
      return `${name}: refused with ${expected.code}`;
    case "nothing":
      return `${name}: touches no row`;
    case "accepted":
      return `${name}: accepted, for ${expected.reason}`;
  }
}

/**
 * Runs an attack and gives what came otherwise than expected; each attempt is undone. An attack without any attempt is a
 * failure too: it would hold whatever the database grants.
 */
export async function failuresOf<World>(session: Session, attack: Attack<World>, world: World): Promise<string[]> {
  const attempts = attack.attempts(world);
  if (attempts.length === 0) {
    return [`${attack.name}: there is nothing to attempt it on`];
  }
  const failures: string[] = [];
  for (const attempt of attempts) {
    const outcome = await attemptOn(session, attempt);
    if (!meets(outcome, attack.expected)) {
      failures.push(`${title(attack)}\n  ${attempt.join("; ")}\n  ${told(outcome)}`);
    }
  }
  return failures;
}

async function attemptOn(session: Session, attempt: Attempt): Promise<Outcome> {
  await session.query("SAVEPOINT attempt");
  try {
    let rows = 0;
    for (const statement of attempt) {
      rows = (await session.query(statement)).rowCount ?? 0;
    }
    return { kind: "ran", rows };
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      throw error;
    }
    return { kind: "refused", code: error.code ?? "none", message: error.message };
  } finally {
    await session.query("ROLLBACK TO SAVEPOINT attempt");
  }
}

function meets(outcome: Outcome, expected: Expected): boolean {
  switch (expected.kind) {
    case "refused":
      return outcome.kind === "refused" && outcome.code === expected.code;
    case "nothing":
      return outcome.kind === "ran" && outcome.rows === 0;
    case "accepted":
      return outcome.kind === "ran";
  }
}

function told(outcome: Outcome): string {
  return outcome.kind === "ran" ? `ran, with ${outcome.rows} rows` : `failed with ${outcome.code}: ${outcome.message}`;
}

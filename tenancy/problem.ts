import { InputError } from "../config";

/** Something wrong at one place of the tenants file. Lines and columns count from 1. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  /** Where in the document: `tenants[3].tier`. Empty for the document itself. */
  readonly path: string;
  /** What was received, what is allowed, and the nearest right word where there is one. */
  readonly message: string;
}

/** Every problem of a tenants file, in the order of the file. */
export class TenantsError extends InputError {
  public override readonly name = "TenantsError";

  constructor(
    public readonly file: string,
    public readonly problems: readonly Problem[],
  ) {
    super(problems.map((problem) => format(file, problem)).join("\n"));
  }
}

function format(file: string, problem: Problem): string {
  const path = problem.path === "" ? "" : `${problem.path}: `;
  return `${file}:${problem.line}:${problem.column}: ${path}${problem.message}`;
}

import projects from "../sql/versions/001-projects.sql";

/** A step of the tables of every tenant. Released ones are never edited: a change is a version more. */
export interface SchemaVersion {
  /** 1, 2, 3, … without a gap. */
  readonly version: number;
  /** Name of the file without number and ending. */
  readonly name: string;
  readonly sql: string;
}

/** All versions in order. */
export const VERSIONS: readonly SchemaVersion[] = [{ version: 1, name: "projects", sql: projects }];

/** Version that new tenants get. */
export const LATEST_VERSION = VERSIONS.length;

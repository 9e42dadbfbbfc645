/** Identifier of the instance (brief); what belongs to the database begins with it. */
export const DATABASE_IDENTIFIER = "taskflow";

/** The replica's, so that it can stand beside an own database of its region. */
export const REPLICA_IDENTIFIER = "taskflow-dr";

/** Name of a database's proxy; `taskflow-proxy` is the brief's. */
export function proxyName(database: string): string {
  return `${database}-proxy`;
}

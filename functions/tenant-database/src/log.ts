/** One line of JSON to the function's log. Callers pass names, states and figures: no secret, no row. */
export function log(level: "info" | "error", fields: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ level, ...fields })}\n`);
}

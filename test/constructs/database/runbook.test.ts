import { readFileSync } from "node:fs";

const RUNBOOK = readFileSync("docs/runbooks/database-login-failures.md", "utf8");

describe("the runbook of database logins", () => {
  const named = [...RUNBOOK.matchAll(/`(?<file>test\/[^`]*\.(?:test|conformance)\.ts)`: "(?<name>[^"]*)"/g)].map(
    ({ groups }) => [groups?.["file"] ?? "", groups?.["name"] ?? ""] as const,
  );

  test("names tests", () => {
    expect(named.length).toBeGreaterThan(15);
  });

  test.each(named)("%s has the test that it names: %s", (file, name) => {
    expect(readFileSync(file, "utf8")).toContain(`("${name}"`);
  });

  test("says of every cause what rules it out, or that nothing does", () => {
    const causes = RUNBOOK.split("\n").filter((line) => /^\|.*\|.*\|.*\|$/.test(line));
    const cells = causes.map((line) => line.split("|").map((cell) => cell.trim()));
    const proved = cells.map((row) => row[3] ?? "").filter((cell) => cell !== "ruled out by" && !/^-+$/.test(cell));
    expect(proved.length).toBeGreaterThan(20);
    expect(proved.filter((cell) => !/\.(test|conformance)\.ts`: "|^nothing|^not /.test(cell))).toEqual([]);
  });

  test.each([...new Set(RUNBOOK.match(/taskflow-database-[a-z-]+/g))])("alarm %s exists", (alarm) => {
    const alarms = readFileSync("constructs/database/alarms.ts", "utf8");
    expect(alarms).toContain(`name: "${alarm.slice("taskflow-database-".length)}"`);
  });
});

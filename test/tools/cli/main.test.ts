import { spawnSync } from "node:child_process";

import { program } from "../../../tools/cli/main";
import { MAX_COLUMNS } from "../../../tools/cli/table";
import { fakeTerminal, removeFolders, taskflow, temporaryFolder, writeTenants } from "./support";

afterEach(removeFolders);

describe("taskflow", () => {
  test("asks back at a command that nearly is one, on the error stream, and ends with 2", async () => {
    expect(await taskflow("chek")).toEqual({
      out: "",
      error: "error: unknown command 'chek'\n(Did you mean check?)\n",
      code: 2,
    });
  });

  test("asks back inside of a command too", async () => {
    const { error, code } = await taskflow("tenant", "suspnd", "acme-corp");
    expect(error).toBe("error: unknown command 'suspnd'\n(Did you mean suspend?)\n");
    expect(code).toBe(2);
  });

  test("without a command prints its help as an error", async () => {
    const { out, error, code } = await taskflow();
    expect(out).toBe("");
    expect(error).toMatch(/^Usage: taskflow \[options\] \[command\]\n/);
    expect(code).toBe(2);
  });

  test("says its version and its help on the output, and ends with 0", async () => {
    expect(await taskflow("--version")).toEqual({ out: "0.1.0\n", error: "", code: 0 });
    const help = await taskflow("--help");
    expect(help).toMatchObject({ error: "", code: 0 });
    expect(help.out).toContain("Commands:\n  check ");
  });

  test("no help is wider than 100 columns, and each names --json but that of a group of commands", async () => {
    const names = program(fakeTerminal()).commands.flatMap((command) =>
      command.commands.length === 0
        ? [[command.name()]]
        : command.commands.map((inner) => [command.name(), inner.name()]),
    );
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const { out, code } = await taskflow(...name, "--help");
      expect(code).toBe(0);
      expect(out).toContain("--json");
      expect(out.split("\n").filter((line) => line.length > MAX_COLUMNS)).toEqual([]);
    }
  });

  test("an option's wrong value is usage", async () => {
    const { error, code } = await taskflow("tenant", "list", "--tier", "gold");
    expect(error).toBe(
      "error: option '--tier <tier>' argument 'gold' is invalid. Allowed choices are starter, standard, enterprise.\n",
    );
    expect(code).toBe(2);
  });

  test("what an action finds wrong ends with 1: people read it on the error stream, --json has it on the output", async () => {
    const tenants = writeTenants(temporaryFolder(), ['{ "id": "acme", "name": "Acme", "tier": "gold" }']);
    const finding = 'unknown value "gold"; allowed: starter, standard, enterprise';
    const people = await taskflow("tenant", "list", "--tenants", tenants);
    expect(people).toMatchObject({ out: "", code: 1 });
    expect(people.error.replaceAll("\n  ", " ")).toContain(finding);
    const { out, code } = await taskflow("tenant", "list", "--tenants", tenants, "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      findings: [expect.objectContaining({ line: 3, column: 45, message: expect.stringContaining(finding) as string })],
    });
  });

  test("a reader who has had enough ends it without a word", () => {
    const { stderr, status } = spawnSync("sh", ["-c", `"${process.execPath}" tools/bin/taskflow.js --help | true`], {
      encoding: "utf8",
    });
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  });
});

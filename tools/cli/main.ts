import { createRequire } from "node:module";

import { Command, CommanderError } from "commander";

import { version } from "../package.json";
import { EXIT } from "./command";
import { MAX_COLUMNS } from "./table";
import { processTerminal, type Terminal } from "./terminal";

/** Commands in the order of the help; each is `<name>Command` of `tools/<name>/command.ts`. */
const NAMES: readonly string[] = [
  "check",
  "tenant",
  "release",
  "changed",
  "isolation",
  "limits",
  "cost",
  "review",
  "report",
  "dashboards",
];

/** Loads TypeScript when it is called, where `import()` would need tsx's thread for ES modules. */
const load = createRequire(__filename);

/**
 * The program.
 *
 * @param called - first word of the command line: a command's name leaves out the others
 * @default - all commands
 */
export function program(terminal: Terminal, called: string = ""): Command {
  const taskflow = new Command("taskflow")
    .description("What an edited row of tenants.json does, costs and risks, before anybody merges it")
    .version(version)
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.error,
      getOutHelpWidth: () => MAX_COLUMNS,
      getErrHelpWidth: () => MAX_COLUMNS,
      getOutHasColors: () => terminal.colours,
      getErrHasColors: () => terminal.colours,
    })
    .showSuggestionAfterError()
    .exitOverride();
  // Loading them all takes longer than a check.
  for (const name of NAMES.includes(called) ? [called] : NAMES) {
    addCommand(taskflow, makeCommand(name, terminal));
  }
  return taskflow;
}

function makeCommand(name: string, terminal: Terminal): Command {
  const exported = load(`../${name}/command`) as Readonly<Record<string, (terminal: Terminal) => Command>>;
  const factory = exported[`${name}Command`];
  if (factory === undefined) {
    throw new Error(`tools/${name}/command.ts exports no ${name}Command`);
  }
  return factory(terminal);
}

/** commander hands settings down only where it makes a command itself. */
function addCommand(parent: Command, command: Command): void {
  parent.addCommand(command);
  command.copyInheritedSettings(parent);
  for (const inner of command.commands) {
    inner.copyInheritedSettings(command);
  }
}

/** Runs a command line. The exit code is 0 if all is fine, 1 for findings, 2 for a command line that makes no sense. */
export async function main(args: readonly string[], terminal: Terminal = processTerminal()): Promise<void> {
  try {
    await program(terminal, args[0]).parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    // commander has said what is wrong; help that was asked for is no error.
    process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  }
}

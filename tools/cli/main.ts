import { Command, CommanderError } from "commander";

import { EXIT } from "./command";
import { processTerminal, type Terminal } from "./terminal";

/** Every command, in the order of the help. */
const COMMANDS: readonly ((terminal: Terminal) => Command)[] = [];

/** The program with all its commands. */
export function program(terminal: Terminal): Command {
  const taskflow = new Command("taskflow")
    .description("What an edited row of tenants.json does, costs and risks, before anybody merges it")
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.error })
    .showSuggestionAfterError()
    .exitOverride();
  for (const command of COMMANDS) {
    taskflow.addCommand(command(terminal).copyInheritedSettings(taskflow));
  }
  return taskflow;
}

/** Runs a command line. The exit code is 0 if all is fine, 1 for findings, 2 for a command line that makes no sense. */
export async function main(args: readonly string[], terminal: Terminal = processTerminal()): Promise<void> {
  try {
    await program(terminal).parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    // commander has said what is wrong; help that was asked for is no error.
    process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  }
}

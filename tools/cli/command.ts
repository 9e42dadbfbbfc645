import { type Command } from "commander";

import { InputError } from "../../config";
import { findingLines, findingsOf } from "./finding";
import { Progress } from "./progress";
import type { Terminal } from "./terminal";

/** What a command has to say. */
export interface Result {
  /** What `--json` prints, keys in a fixed order. */
  readonly data: unknown;
  /** The same for people, at most 100 columns wide. It ends with a line break. */
  readonly text: string;
  /** Whether something is wrong that the command was asked to find: exit code 1. */
  readonly findings: boolean;
}

/** The command line asks for what cannot be: exit code 2. */
export class UsageError extends Error {
  public override readonly name = "UsageError";
}

/** Exit codes of every command. */
export const EXIT = { fine: 0, findings: 1, usage: 2 } as const;

/** What an action works with. */
export interface ActionContext {
  readonly terminal: Terminal;
  /** Says what is being done, once it has taken two seconds. */
  readonly progress: Progress;
}

/**
 * Gives a command of commander its `--json` and its action. The action computes and returns; what it found is printed, and
 * turned into the exit code, here alone.
 *
 * @param action - gets the command's arguments and options; an InputError that it throws is a finding, a UsageError is usage
 */
export function withAction<Options extends object>(
  command: Command,
  terminal: Terminal,
  action: (args: readonly string[], options: Options, context: ActionContext) => Result | Promise<Result>,
): Command {
  return command.option("--json", "print JSON").action(async () => {
    const options = command.opts<Options & { readonly json?: true }>();
    const progress = new Progress(terminal);
    try {
      const result = await action(command.args, options, { terminal, progress });
      progress.end();
      terminal.out(options.json ? jsonText(result.data) : result.text);
      process.exitCode = result.findings ? EXIT.findings : EXIT.fine;
    } catch (error) {
      progress.end();
      if (error instanceof UsageError) {
        terminal.error(`error: ${error.message}\n`);
        process.exitCode = EXIT.usage;
      } else if (error instanceof InputError) {
        const findings = findingsOf(error);
        terminal.error(findingLines(findings));
        if (options.json) {
          terminal.out(jsonText({ findings }));
        }
        process.exitCode = EXIT.findings;
      } else {
        throw error;
      }
    }
  });
}

function jsonText(data: unknown): string {
  return `${JSON.stringify(data, null, 2)}\n`;
}

import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";

import { type Command, Option } from "commander";

import { type Environment, ENVIRONMENTS, loadEnvironment } from "../../config";
import { UsageError } from "./command";

/** Repository root. */
export const ROOT = resolve(__dirname, "../..");

/** What `withTenants` adds to a command. */
export interface TenantsOptions {
  readonly tenants?: string;
  readonly env?: string;
}

/** Which tenants a command looks at, and in which environment. */
export interface TenantsInput {
  /** Absolute path. */
  readonly path: string;
  /** The same as it is seen from the working directory: its name in messages. */
  readonly file: string;
  readonly environment: Environment;
}

/** Gives a command `--tenants` and `--env`. Their defaults are main.ts's, so that both see the same fleet. */
export function withTenants(command: Command): Command {
  return command
    .option("--tenants <file>", "the tenants (default: TASKFLOW_TENANTS, or the repository's tenants.json)")
    .addOption(
      new Option("--env <name>", "the environment (default: TASKFLOW_ENV, or production)").choices(
        Object.keys(ENVIRONMENTS),
      ),
    );
}

/** @throws InputError if `TASKFLOW_ENV` names no environment */
export function tenantsInput({ tenants, env }: TenantsOptions): TenantsInput {
  const path = resolve(tenants ?? process.env["TASKFLOW_TENANTS"] ?? join(ROOT, "tenants.json"));
  return {
    path,
    file: relative(process.cwd(), path),
    environment: loadEnvironment(env ?? process.env["TASKFLOW_ENV"]),
  };
}

/**
 * The same of a file that is there.
 *
 * @throws UsageError if it is not
 * @throws InputError if `TASKFLOW_ENV` names no environment
 */
export function existingTenants(options: TenantsOptions): TenantsInput {
  const input = tenantsInput(options);
  if (!existsSync(input.path)) {
    throw new UsageError(`--tenants ${input.file}: no such file`);
  }
  return input;
}

/** Gives a command `--base`. */
export function withBase(command: Command, description: string): Command {
  return command.option("--base <ref>", description);
}

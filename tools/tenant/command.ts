import { Command, InvalidArgumentError, Option } from "commander";

import { TIER_NAMES } from "../../config";
import { TENANT_STATES } from "../../tenancy";
import { clockDay, day } from "../check/command";
import { withAction } from "../cli/command";
import { existingTenants, type TenantsOptions, withTenants } from "../cli/options";
import type { Terminal } from "../cli/terminal";
import { addTenant, changeTenant, type Fields } from "./edits";
import { listTenants, showTenant } from "./read";

/** `taskflow tenant …`: the rows of tenants.json, written and read one by one. */
export function tenantCommand(terminal: Terminal): Command {
  const tenant = new Command("tenant").description("Adds, moves and shows tenants: edits one row of tenants.json");
  for (const inner of [add, suspend, resume, offboard, purge, list, show]) {
    tenant.addCommand(inner(terminal));
  }
  return tenant;
}

function add(terminal: Terminal): Command {
  const command = withTenants(new Command("add"))
    .description("adds a row, in the order of ids")
    .argument("<id>", "DNS label of 3 to 40 characters; it never changes")
    .requiredOption("--name <name>", "the customer's name")
    .addOption(
      new Option("--tier <tier>", "quota, replicas, rate class and nodes").choices(TIER_NAMES).makeOptionMandatory(),
    )
    .option("--release <tag>", "image tag of its services (default: each service's)")
    .option("--shard <number>", "tenant stack (default: a hash of the id)", wholeNumber);
  type Options = TenantsOptions & Pick<Fields, "name" | "tier" | "release" | "shard">;
  return withAction<Options>(command, terminal, ([id = ""], options) => {
    const { name, tier, release, shard } = options;
    return addTenant(existingTenants(options), { id, name, tier, ...defined({ shard, release }) }, clockDay());
  });
}

function suspend(terminal: Terminal): Command {
  const command = existing("suspend", "no pods, the route answers 503, the database role cannot log in");
  return move(command, terminal, () => ({ state: "suspended", retainUntil: undefined }));
}

function resume(terminal: Terminal): Command {
  const command = existing("resume", "back to active; from offboarding the archived schema is restored");
  return move(command, terminal, () => ({ state: undefined, retainUntil: undefined }));
}

function offboard(terminal: Terminal): Command {
  const command = existing("offboard", "workloads and identity go, the schema is archived").requiredOption(
    "--retain-until <date>",
    "the day until which the data is kept",
    day,
  );
  return move(command, terminal, ({ retainUntil }) => ({ state: "offboarding", retainUntil }));
}

function purge(terminal: Terminal): Command {
  const command = existing("purge", "a tombstone, once the retention has passed; only then may the row vanish").option(
    "--today <date>",
    "day by which the retention has passed (default: the clock's, UTC)",
    day,
  );
  return move(command, terminal, () => ({ state: "purged" }));
}

function list(terminal: Terminal): Command {
  const command = withTenants(new Command("list"))
    .description("lists tenants by id")
    .addOption(new Option("--tier <tier>", "only this tier").choices(TIER_NAMES))
    .addOption(new Option("--state <state>", "only this state").choices(TENANT_STATES))
    .option("--shard <number>", "only this shard", wholeNumber);
  type Options = TenantsOptions & { readonly tier?: string; readonly state?: string; readonly shard?: number };
  return withAction<Options>(command, terminal, (_, options) => {
    return listTenants(existingTenants(options), options);
  });
}

function show(terminal: Terminal): Command {
  const command = existing("show", "everything that follows from a row");
  return withAction<TenantsOptions>(command, terminal, ([id = ""], options) => {
    return showTenant(existingTenants(options), id);
  });
}

function existing(name: string, description: string): Command {
  return withTenants(new Command(name)).description(description).argument("<id>", "the tenant");
}

interface MoveOptions extends TenantsOptions {
  readonly retainUntil?: string;
  readonly today?: string;
}

/** A command that sets fields of an existing row. */
function move(
  command: Command,
  terminal: Terminal,
  fields: (options: MoveOptions) => Readonly<Record<string, string | undefined>>,
): Command {
  return withAction<MoveOptions>(command, terminal, ([id = ""], options) => {
    return changeTenant(existingTenants(options), id, fields(options), options.today ?? clockDay());
  });
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new InvalidArgumentError("allowed: a whole number");
  }
  return Number(text);
}

function defined<T extends object>(fields: T): { [key in keyof T]?: Exclude<T[key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [key in keyof T]?: Exclude<T[key], undefined>;
  };
}

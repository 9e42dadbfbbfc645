import { Command, InvalidArgumentError, Option } from "commander";

import { RINGS } from "../../config";
import { tenantRow } from "../../tenancy/row";
import { clockDay } from "../check/command";
import { withAction } from "../cli/command";
import { existingTenants, type TenantsOptions, withTenants } from "../cli/options";
import type { Terminal } from "../cli/terminal";
import { promote, releaseStatus, setRelease } from "./release";

interface RingOptions extends TenantsOptions {
  readonly ring: string;
}

/** `taskflow release …`: which release the tenants run, ring by ring. */
export function releaseCommand(terminal: Terminal): Command {
  const release = new Command("release").description("Moves a release from ring to ring: edits the rows of a ring");
  for (const inner of [status, promotion, rollback]) {
    release.addCommand(inner(terminal));
  }
  return release;
}

function status(terminal: Terminal): Command {
  const command = withTenants(new Command("status")).description("lists the rings and what their tenants run");
  return withAction<TenantsOptions>(command, terminal, (_, options) => releaseStatus(existingTenants(options)));
}

function promotion(terminal: Terminal): Command {
  const command = ofRing("promote", "gives a ring a release that every ring before it runs");
  return withAction<RingOptions>(command, terminal, ([release = ""], options) =>
    promote(existingTenants(options), release, options.ring, clockDay()),
  );
}

function rollback(terminal: Terminal): Command {
  const command = ofRing("rollback", "brings a ring back to a release, whatever the other rings run");
  return withAction<RingOptions>(command, terminal, ([release = ""], options) =>
    setRelease(existingTenants(options), release, options.ring, clockDay()),
  );
}

function ofRing(name: string, description: string): Command {
  return withTenants(new Command(name))
    .description(description)
    .argument("<release>", "image tag", imageTag)
    .addOption(new Option("--ring <name>", "the ring").choices(RINGS.map((ring) => ring.name)).makeOptionMandatory());
}

function imageTag(text: string): string {
  const parsed = tenantRow.shape.release.safeParse(text);
  if (!parsed.success) {
    throw new InvalidArgumentError(`allowed: ${parsed.error.issues[0]?.message ?? ""}`);
  }
  return text;
}

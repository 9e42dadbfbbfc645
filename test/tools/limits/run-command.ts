import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Command } from "commander";

import type { TenantRow } from "../../../tenancy";
import type { Terminal } from "../../../tools/cli/terminal";
import { tenantsJson } from "../../support/fleet";

/** What a command left behind. */
export interface Outcome {
  readonly out: string;
  readonly error: string;
  readonly exitCode: number;
}

/** Runs a command on a terminal without colours, and takes the exit code that it left in the process. */
export async function runCommand(make: (terminal: Terminal) => Command, args: readonly string[]): Promise<Outcome> {
  let out = "";
  let error = "";
  const terminal: Terminal = {
    out: (text) => (out += text),
    error: (text) => (error += text),
    colours: false,
    interactive: false,
  };
  const before = process.exitCode;
  try {
    await make(terminal).parseAsync([...args], { from: "user" });
    return { out, error, exitCode: Number(process.exitCode ?? 0) };
  } finally {
    process.exitCode = before;
  }
}

/** Runs something with a tenants file of these rows. */
export async function withTenantsFile<T>(rows: readonly TenantRow[], use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "taskflow-tenants-"));
  try {
    const path = join(folder, "tenants.json");
    writeFileSync(path, tenantsJson(rows));
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Lines that are wider than the terminal that every command writes for. */
export function tooWide(text: string): readonly string[] {
  return text.split("\n").filter((line) => [...line].length > 100);
}

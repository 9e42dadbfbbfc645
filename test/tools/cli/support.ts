import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { main } from "../../../tools/cli/main";
import type { Terminal } from "../../../tools/cli/terminal";

/** What a command line said, and how it ended. */
export interface Run {
  readonly out: string;
  readonly error: string;
  readonly code: number | string | undefined;
}

/** What a terminal was told, as one line: where it wraps depends on the length of the paths in it. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** A terminal that remembers. */
export function fakeTerminal(settings: Partial<Terminal> = {}): Terminal & { readonly said: () => Omit<Run, "code"> } {
  const said = { out: "", error: "" };
  return {
    out: (text) => {
      said.out += text;
    },
    error: (text) => {
      said.error += text;
    },
    colours: false,
    interactive: false,
    ...settings,
    said: () => ({ ...said }),
  };
}

/** Runs a command line in this process, and leaves the process' own exit code alone. */
export async function taskflow(...args: readonly string[]): Promise<Run> {
  const terminal = fakeTerminal();
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await main(args, terminal);
    return { ...terminal.said(), code: process.exitCode };
  } finally {
    process.exitCode = before;
  }
}

const folders: string[] = [];

/** A folder of its own; `removeFolders` takes it away. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "taskflow-test-"));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true });
  }
}

/** Commits everything below a folder, which becomes a repository on the first call. */
export function commit(folder: string): void {
  const git = (...args: readonly string[]): void => {
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...args], {
      cwd: folder,
      stdio: "ignore",
    });
  };
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "state");
}

/** A tenants file below a folder, a row a line. */
export function writeTenants(folder: string, rows: readonly string[]): string {
  const path = join(folder, "tenants.json");
  writeFileSync(path, tenantsText(rows));
  return path;
}

/** tenants.json as people write it. */
export function tenantsText(rows: readonly string[]): string {
  return `{\n  "tenants": [\n${rows.map((row) => `    ${row}`).join(",\n")}\n  ]\n}\n`;
}

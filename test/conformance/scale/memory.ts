import { readFileSync } from "node:fs";
import { type Host, run } from "../mesh/hosts";

/** Memory of programs, in MiB. */
export interface Memory {
  /** Theirs alone: heap and stacks. */
  readonly own: number;
  /** With the pages of the programs' files, which all pods of a node share. */
  readonly resident: number;
  /** Most that was resident so far. */
  readonly peak: number;
}

const KIB_PER_MIB = 1_024;

/** What the kernel says of the programs of some names inside a host. */
export async function memoryOf(host: Host, names: readonly string[]): Promise<Memory> {
  const { stdout } = await run(host, ["ip", "netns", "pids", host.namespace]);
  const programs = stdout
    .split("\n")
    .filter((pid) => pid !== "")
    .map(statusOf)
    .filter((status) => names.includes(field(status, "Name")));
  const sum = (name: string): number =>
    programs.reduce((total, status) => total + Number.parseInt(field(status, name), 10), 0) / KIB_PER_MIB;
  if (programs.length !== names.length) {
    throw new Error(`${programs.length} of ${names.join(", ")} run in ${host.namespace}`);
  }
  return { own: sum("VmRSS") - sum("RssFile"), resident: sum("VmRSS"), peak: sum("VmHWM") };
}

/** Empty for a program that has ended meanwhile. */
function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}

function field(status: string, name: string): string {
  return new RegExp(`^${name}:\\s+(.*)$`, "m").exec(status)?.[1] ?? "";
}

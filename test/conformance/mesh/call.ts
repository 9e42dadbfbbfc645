import { join } from "node:path";
import type { RunningPod } from "./pod";
import { type Host, run } from "./hosts";

/** One request past every sidecar. */
export interface Call {
  readonly address: string;
  readonly port: number;
  /** Header `Host`. */
  readonly host: string;
  readonly path: string;
  /** @default - plain HTTP */
  readonly tls?: {
    /** PEM file of the client's key. @default - no client certificate */
    readonly key?: string;
    readonly cert?: string;
    /** SNI. */
    readonly servername: string;
    /** Protocol to agree on; a sidecar tells the mesh's own TLS by it. */
    readonly alpn: string;
  };
}

/** What came of a request. */
export interface Outcome {
  readonly status?: number;
  readonly body?: string;
  /** Code of the network's error, where there was no answer. */
  readonly error?: string;
  /** Names in the server's certificate. */
  readonly peer?: string;
}

/** Sends a request from a host as some account; Envoy's own is the one that is not redirected. */
export async function call(host: Host, account: number, request: Call): Promise<Outcome> {
  const script = join(__dirname, "programs/caller.js");
  const { stdout, stderr } = await run(host, [process.execPath, script, JSON.stringify(request)], account);
  if (stdout === "") {
    throw new Error(`caller in ${host.namespace}: ${stderr}`);
  }
  return JSON.parse(stdout) as Outcome;
}

/** Sends a request with curl through the pod's sidecar, as its service would. */
export async function callThroughSidecar(
  pod: RunningPod,
  account: number,
  url: string,
  host?: string,
): Promise<Outcome> {
  const header = host === undefined ? [] : ["-H", `Host: ${host}`];
  const arguments_ = ["curl", "-s", "-m", "3", "-o", "-", "-w", "\n%{http_code}", ...header, url];
  const { stdout, code } = await run(pod.host, arguments_, account);
  const lines = stdout.split("\n");
  const status = Number(lines.pop());
  return status === 0 ? { error: `curl ${code}` } : { status, body: lines.join("\n") };
}

/** An outcome in a table's cell. */
export function describeOutcome({ status, error }: Outcome): string {
  return status === undefined ? (error ?? "?") : `HTTP ${status}`;
}

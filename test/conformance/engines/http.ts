import { request as httpRequest } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { isObject, type Json, type JsonObject } from "../../../tools/manifests/json";

/** How to reach an API server. */
export interface Connection {
  readonly url: string;
  /** Bearer token. */
  readonly token: string;
  /** Certificates to trust, PEM. */
  readonly ca: string;
}

/** What a server said. */
export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  /** Kubernetes' `Warning` headers: what it accepted although it may not be meant. */
  readonly warnings: readonly string[];
}

/** One request to send. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly body?: JsonObject;
  /** @default "application/json" */
  readonly contentType?: string;
  /**
   * Credentials of an HTTPS server.
   * @default - plain HTTP without any
   */
  readonly connection?: Connection;
}

/** Connections stay open for the next request; the process may still end with them. */
const agent = new Agent({ keepAlive: true });

const TIMEOUT_MILLISECONDS = 20_000;

function parseBody(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : {};
  } catch {
    return { message: text };
  }
}

/** Warnings arrive as `299 - "text"`, joined by commas. */
function parseWarnings(header: string | string[] | undefined): readonly string[] {
  const text = Array.isArray(header) ? header.join(", ") : (header ?? "");
  return [...text.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? "").replace(/\\(.)/g, "$1"));
}

/** Sends one request; rejects only when there is no answer. */
export function send(call: Call): Promise<Answer> {
  const { connection } = call;
  const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
  const headers = {
    ...(payload === undefined ? {} : { "Content-Type": call.contentType ?? "application/json" }),
    ...(payload === undefined ? {} : { "Content-Length": Buffer.byteLength(payload) }),
    ...(connection === undefined ? {} : { Authorization: `Bearer ${connection.token}` }),
  };
  const options = { method: call.method, headers, timeout: TIMEOUT_MILLISECONDS };
  return new Promise((resolve, reject) => {
    const outgoing =
      connection === undefined
        ? httpRequest(call.url, options)
        : httpsRequest(call.url, { ...options, agent, ca: connection.ca });
    outgoing.once("error", reject);
    outgoing.once("timeout", () => outgoing.destroy(new Error(`${call.method} ${call.url} timed out`)));
    outgoing.once("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.once("error", reject);
      incoming.once("end", () => {
        const body = parseBody(Buffer.concat(chunks).toString("utf8"));
        resolve({ status: incoming.statusCode ?? 0, body, warnings: parseWarnings(incoming.headers["warning"]) });
      });
    });
    outgoing.end(payload);
  });
}

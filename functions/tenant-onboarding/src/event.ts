import { z } from "zod";

import { ONBOARDING } from "../../../config";
import { JsonDocument } from "../../../tenancy/document";
import { tenantRow } from "../../../tenancy/row";
import { schemaProblems } from "../../../tenancy/schema-problems";
import { invalidRequest } from "./error";
import { FAILURES, type FailureCode } from "./failure";

/** A request to change a tenant. What it says of the row is for `change.ts` to judge, by the rules of tenants.json. */
export interface ChangeRequest {
  readonly action: "provision" | "deprovision";
  readonly tenantId: string;
  readonly requestId: string;
  readonly tier: unknown;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A question for the status of a request. */
export interface StatusRequest {
  readonly action: "status";
  readonly tenantId: string;
  readonly requestId: string;
}

/** What CI tells of a request when it is done with it. */
export interface Report {
  readonly action: "report";
  readonly tenantId: string;
  readonly requestId: string;
  readonly status: "ready" | "failed";
  /** Why it failed. */
  readonly failure?: FailureCode;
  /** Number of the workflow's run. */
  readonly run: string;
}

export type Command = ChangeRequest | StatusRequest | Report;

/** Bytes of an event, as JSON. The longest row that a request can ask for takes a quarter of them. */
const MAX_BYTES = 4_096;

const REQUEST_ID = "8 to 64 letters, digits and -";

const requestId = z.string({ error: REQUEST_ID }).regex(/^[A-Za-z0-9][A-Za-z0-9-]{7,63}$/, { error: REQUEST_ID });
const object = { error: "an object" };

/** Fields whose values the row's own schema judges are only named here, so that nothing is said twice. */
const config = {
  provision: z.strictObject({ name: z.unknown().optional(), release: z.unknown().optional() }, object),
  deprovision: z.strictObject({ retain_until: z.unknown().optional() }, object),
};
const identity = { tenant_id: tenantRow.shape.id, request_id: requestId };
const events = {
  provision: z.strictObject({
    action: z.literal("provision"),
    ...identity,
    tier: z.unknown().optional(),
    config: config.provision,
  }),
  deprovision: z.strictObject({
    action: z.literal("deprovision"),
    ...identity,
    tier: z.unknown().optional(),
    config: config.deprovision,
  }),
  status: z.strictObject({ action: z.literal("status"), ...identity }),
};
const report = z.strictObject({
  ...identity,
  status: z.enum(["ready", "failed"]),
  failure: z.enum(Object.keys(FAILURES) as [FailureCode, ...FailureCode[]]).optional(),
  run: z.string({ error: "a run's number" }).regex(/^\d{1,20}$/, { error: "a run's number" }),
});

type Action = keyof typeof events;

/** A command, and what is wrong with the event beside what the row's rules will say. */
export interface ParsedEvent {
  readonly command: Command;
  /** Empty but for a change: whoever asks for one learns of these and of the row's problems together. */
  readonly problems: readonly string[];
}

/**
 * Reads what Lambda was invoked with: EventBridge's envelope, or the request itself. CI reports through the bus alone, where
 * IAM tells it from those who may request.
 *
 * @throws OnboardingError INVALID_REQUEST with every problem, where not even a tenant and a request can be told
 */
export function parseEvent(event: unknown): ParsedEvent {
  const bytes = Buffer.byteLength(JSON.stringify(event) ?? "");
  if (bytes > MAX_BYTES) {
    throw invalidRequest([`event: ${bytes} bytes; allowed: at most ${MAX_BYTES}`]);
  }
  const envelope = fields(event);
  if (envelope["detail-type"] === undefined) {
    return parseRequest(event);
  }
  const { source, detail } = envelope;
  const kind = Object.entries(ONBOARDING.events).find(
    ([, known]) => known.source === source && known.detailType === envelope["detail-type"],
  )?.[0];
  if (kind === undefined) {
    throw invalidRequest([`event: source ${quoted(source)} with detail-type ${quoted(envelope["detail-type"])}`]);
  }
  return kind === "report" ? parseReport(detail) : parseRequest(detail);
}

function parseRequest(event: unknown): ParsedEvent {
  const { action } = fields(event);
  if (typeof action !== "string" || !Object.hasOwn(events, action)) {
    const what = action === undefined ? "missing" : `unknown value ${quoted(action)}`;
    throw invalidRequest([`action: ${what}; allowed: ${Object.keys(events).join(", ")}`]);
  }
  const schema = events[action as Action];
  const problems = problemsOf(schema, event, (path) =>
    Object.keys(path.length === 0 ? schema.shape : config[action as keyof typeof config].shape),
  );
  const request = fields(event);
  const { tenant_id: tenantId, request_id: requestId } = request;
  if (action === "status") {
    if (problems.length > 0) {
      throw invalidRequest(problems);
    }
    return { command: { action, tenantId: String(tenantId), requestId: String(requestId) }, problems };
  }
  return {
    command: {
      action: action as ChangeRequest["action"],
      tenantId: tenantId as string,
      requestId: requestId as string,
      tier: request["tier"],
      config: fields(request["config"]),
    },
    problems,
  };
}

function parseReport(detail: unknown): ParsedEvent {
  const problems = problemsOf(report, detail, () => Object.keys(report.shape));
  if (problems.length > 0) {
    throw invalidRequest(problems);
  }
  const { tenant_id: tenantId, request_id: requestId, status, failure, run } = report.parse(detail);
  const command = { action: "report" as const, tenantId, requestId, status, run, ...(failure ? { failure } : {}) };
  return { command, problems };
}

function problemsOf(
  schema: z.ZodType,
  value: unknown,
  keysAt: (path: readonly (string | number)[]) => readonly string[],
): string[] {
  const { error } = schema.safeParse(value);
  return error === undefined
    ? []
    : schemaProblems(new JsonDocument(JSON.stringify(value) ?? "null"), error, keysAt).map(
        ({ path, message }) => `${path === "" ? "event" : path}: ${message}`,
      );
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function quoted(value: unknown): string {
  return JSON.stringify(value) ?? "missing";
}

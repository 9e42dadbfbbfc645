import { createHash } from "node:crypto";

import type { Environment } from "../../../config";
import { hostName, namespaceName } from "../../../tenancy";
import type { TenantState } from "../../../tenancy/row";
import { planChange } from "./change";
import { OnboardingError } from "./error";
import { type ChangeRequest, parseEvent, type Report } from "./event";
import { FAILURES } from "./failure";
import type { Ci } from "./github";
import { type RequestRecord, type RequestStore, WORK_SECONDS } from "./request-store";

/** How far a request is. */
export interface Answer {
  readonly tenant_id: string;
  readonly namespace: string;
  readonly status: RequestRecord["status"];
  /** Addresses that the tenant answers on once the request is ready; none where it ends suspended or offboarding. */
  readonly endpoints: readonly string[];
  readonly request_id: string;
  readonly action: ChangeRequest["action"];
  /** State of the tenant's row once the request is ready. */
  readonly state: TenantState;
  /** Why it failed. */
  readonly reason?: string;
}

export interface OnboardingPorts {
  readonly environment: Environment;
  readonly store: RequestStore;
  readonly ci: Ci;
  readonly now: () => Date;
}

/** Takes requests, hands them to CI once, and tells how far they are. The only writer of tenants.json stays CI. */
export class Onboarding {
  constructor(private readonly ports: OnboardingPorts) {}

  /**
   * @param event - see `parseEvent`
   * @throws OnboardingError; but for a request that CI could not be asked for, nothing has changed then
   */
  public async handle(event: unknown): Promise<Answer> {
    const { command, problems } = parseEvent(event);
    switch (command.action) {
      case "status":
        return this.answer(await this.known(command.tenantId, command.requestId));
      case "report":
        return this.report(command);
      default:
        return this.change(command, problems);
    }
  }

  private async change(request: ChangeRequest, problems: readonly string[]): Promise<Answer> {
    const { store, ci, environment, now } = this.ports;
    const { tenantId, requestId, action } = request;
    const digest = digestOf(request);
    // An event that is wrong by itself reaches no table; the row's problems are told with it.
    const found = problems.length > 0 ? undefined : await store.find(tenantId, requestId);
    if (found !== undefined) {
      assertRepeated(found, digest);
      if (found.dispatched || this.current(found).status !== "in_progress") {
        return this.answer(found);
      }
    }
    const change = planChange(request, problems, await ci.readTenants(), environment, now());
    if (found === undefined) {
      const record = { tenantId, requestId, action, digest, state: change.state };
      const outcome = await store.begin(record);
      if (outcome === "in work") {
        throw new OnboardingError("TENANT_IN_WORK", `another request for tenant "${tenantId}" is in progress`);
      }
      if (outcome === "repeated") {
        const other = await this.known(tenantId, requestId);
        assertRepeated(other, digest);
        return this.answer(other);
      }
    } else if (!(await store.claim(tenantId, requestId))) {
      return this.answer(found);
    }
    try {
      await ci.dispatch({
        environment: environment.name,
        request_id: requestId,
        tenant_id: tenantId,
        command: change.command,
        ...change.fields,
      });
    } catch (error) {
      await store.release(tenantId, requestId);
      throw error;
    }
    await store.markDispatched(tenantId, requestId);
    return this.answer(await this.known(tenantId, requestId));
  }

  private async report({ tenantId, requestId, status, failure, run }: Report): Promise<Answer> {
    const { store } = this.ports;
    await this.known(tenantId, requestId);
    const ended = await store.end(tenantId, requestId, { status, run, ...(failure ? { failure } : {}) });
    const record = await this.known(tenantId, requestId);
    if (!ended && record.status !== status) {
      throw new OnboardingError("ALREADY_ENDED", `request ${requestId} has ended as ${record.status}, not ${status}`);
    }
    return this.answer(record);
  }

  private async known(tenantId: string, requestId: string): Promise<RequestRecord> {
    const record = await this.ports.store.find(tenantId, requestId);
    if (record === undefined) {
      throw new OnboardingError("UNKNOWN_REQUEST", `no request ${quoted(requestId)} for tenant ${quoted(tenantId)}`);
    }
    return record;
  }

  /** A request that CI never reported on has failed; a late report still counts. */
  private current(record: RequestRecord): RequestRecord {
    const isLate = this.ports.now().getTime() / 1_000 > record.requestedAt + WORK_SECONDS;
    return record.status === "in_progress" && isLate ? { ...record, status: "failed", failure: "timeout" } : record;
  }

  private answer(record: RequestRecord): Answer {
    const { domain, github } = this.ports.environment;
    const { tenantId, requestId, action, state, status, failure, run } = this.current(record);
    const where = run === undefined ? "" : `: https://github.com/${github.repository}/actions/runs/${run}`;
    return {
      tenant_id: tenantId,
      namespace: namespaceName(tenantId),
      status,
      endpoints: state === "active" ? [`https://${hostName(tenantId, domain)}`] : [],
      request_id: requestId,
      action,
      state,
      ...(status === "failed" ? { reason: `${failure ? FAILURES[failure] : "CI has given no reason"}${where}` } : {}),
    };
  }
}

function assertRepeated(record: RequestRecord, digest: string): void {
  if (record.digest !== digest) {
    throw new OnboardingError(
      "REQUEST_ID_REUSED",
      `request ${record.requestId} of tenant "${record.tenantId}" asked for something else; allowed: a new request_id`,
    );
  }
}

/** Of what was asked for, whatever the order of its fields. */
function digestOf({ action, tenantId, tier, config }: ChangeRequest): string {
  const fields = Object.entries({ ...config, action, tenantId, tier }).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex");
}

function quoted(value: unknown): string {
  return JSON.stringify(value);
}

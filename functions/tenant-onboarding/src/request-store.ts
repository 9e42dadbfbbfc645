import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";

import type { TenantState } from "../../../tenancy/row";
import type { ChangeRequest } from "./event";
import type { FailureCode } from "./failure";

/** What is kept of a request: no name, no configuration, only a digest of them. */
export interface RequestRecord {
  readonly tenantId: string;
  readonly requestId: string;
  readonly action: ChangeRequest["action"];
  /** Tells a repetition from another request under the same id. */
  readonly digest: string;
  /** State of the tenant once the request is done. */
  readonly state: TenantState;
  readonly status: "in_progress" | "ready" | "failed";
  readonly failure?: FailureCode;
  /** Number of the workflow's run that reported. */
  readonly run?: string;
  /** Whether CI has been asked. */
  readonly dispatched: boolean;
  /** Seconds since 1970. */
  readonly requestedAt: number;
}

/** Seconds that a tenant is kept for one request, which then counts as failed: a pull request may wait for a person. */
export const WORK_SECONDS = 24 * 3_600;

/** Seconds that one invocation may take to ask CI, before a repetition may ask in its place; the function ends sooner. */
const CLAIM_SECONDS = 60;

/** Seconds that a record is kept: for as long a repeated request is known as one. */
const RECORD_SECONDS = 365 * 24 * 3_600;

/** Sort key of the item that says which request holds a tenant; no request id begins so. */
const WORK = "#work";

/**
 * Requests in DynamoDB: an item for each, and one for each tenant in work. Every write has its condition, so that of several
 * invocations at the same moment one has its way.
 */
export class RequestStore {
  constructor(
    private readonly client: Pick<DynamoDBClient, "send">,
    private readonly table: string,
    /** Seconds since 1970. */
    private readonly now: () => number,
  ) {}

  public async find(tenantId: string, requestId: string): Promise<RequestRecord | undefined> {
    const { Item } = (await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: key(tenantId, requestId), ConsistentRead: true }),
    )) as { Item?: Record<string, AttributeValue> };
    return Item === undefined ? undefined : recordOf(Item);
  }

  /** Begins a request, unless it exists, or another one is in work for the tenant. Who begins it may ask CI. */
  public async begin(
    request: Pick<RequestRecord, "tenantId" | "requestId" | "action" | "digest" | "state">,
  ): Promise<"begun" | "repeated" | "in work"> {
    const { tenantId, requestId, action, digest, state } = request;
    const now = this.now();
    try {
      await this.client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            {
              Put: {
                TableName: this.table,
                Item: {
                  ...key(tenantId, requestId),
                  action: { S: action },
                  digest: { S: digest },
                  tenant_state: { S: state },
                  request_status: { S: "in_progress" },
                  requested_at: number(now),
                  claimed_until: number(now + CLAIM_SECONDS),
                  expires_at: number(now + RECORD_SECONDS),
                },
                ConditionExpression: "attribute_not_exists(tenant_id)",
              },
            },
            {
              Put: {
                TableName: this.table,
                Item: {
                  ...key(tenantId, WORK),
                  holder: { S: requestId },
                  held_until: number(now + WORK_SECONDS),
                  expires_at: number(now + RECORD_SECONDS),
                },
                ConditionExpression: "attribute_not_exists(tenant_id) OR held_until < :now",
                ExpressionAttributeValues: { ":now": number(now) },
              },
            },
          ],
        }),
      );
      return "begun";
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) {
        throw error;
      }
      const [request, work] = (error.CancellationReasons ?? []).map(({ Code }) => Code);
      if (request === "ConditionalCheckFailed") {
        return "repeated";
      }
      if (work === "ConditionalCheckFailed" || [request, work].includes("TransactionConflict")) {
        return "in work";
      }
      throw error;
    }
  }

  /** Whether the caller may ask CI for a request that exists: CI was not asked, and nobody is about to. */
  public claim(tenantId: string, requestId: string): Promise<boolean> {
    const now = this.now();
    return this.update(tenantId, requestId, {
      UpdateExpression: "SET claimed_until = :until",
      ConditionExpression: "attribute_not_exists(dispatched_at) AND claimed_until < :now",
      ExpressionAttributeValues: { ":until": number(now + CLAIM_SECONDS), ":now": number(now) },
    });
  }

  /** Gives a claim back: CI could not be asked, and a repetition need not wait. */
  public async release(tenantId: string, requestId: string): Promise<void> {
    await this.update(tenantId, requestId, {
      UpdateExpression: "SET claimed_until = :never",
      ConditionExpression: "attribute_not_exists(dispatched_at)",
      ExpressionAttributeValues: { ":never": number(0) },
    });
  }

  public async markDispatched(tenantId: string, requestId: string): Promise<void> {
    await this.update(tenantId, requestId, {
      UpdateExpression: "SET dispatched_at = :now",
      ConditionExpression: "attribute_exists(tenant_id)",
      ExpressionAttributeValues: { ":now": number(this.now()) },
    });
  }

  /** Ends a request, once; returns whether it was still in progress. The tenant is free then for the next. */
  public async end(
    tenantId: string,
    requestId: string,
    end: { readonly status: "ready" | "failed"; readonly failure?: FailureCode; readonly run: string },
  ): Promise<boolean> {
    const ended = await this.update(tenantId, requestId, {
      UpdateExpression: "SET request_status = :status, failure = :failure, run = :run",
      ConditionExpression: "request_status = :before",
      ExpressionAttributeValues: {
        ":status": { S: end.status },
        ":failure": end.failure === undefined ? { NULL: true } : { S: end.failure },
        ":run": { S: end.run },
        ":before": { S: "in_progress" },
      },
    });
    await this.conditional(() =>
      this.client.send(
        new DeleteItemCommand({
          TableName: this.table,
          Key: key(tenantId, WORK),
          ConditionExpression: "holder = :request",
          ExpressionAttributeValues: { ":request": { S: requestId } },
        }),
      ),
    );
    return ended;
  }

  private update(
    tenantId: string,
    requestId: string,
    input: Pick<UpdateItemCommand["input"], "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeValues">,
  ): Promise<boolean> {
    return this.conditional(() =>
      this.client.send(new UpdateItemCommand({ TableName: this.table, Key: key(tenantId, requestId), ...input })),
    );
  }

  /** Whether the write's condition held. */
  private async conditional(write: () => Promise<unknown>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return false;
      }
      throw error;
    }
  }
}

function key(tenantId: string, requestId: string): Record<string, AttributeValue> {
  return { tenant_id: { S: tenantId }, request_id: { S: requestId } };
}

function number(value: number): AttributeValue {
  return { N: String(value) };
}

function recordOf(item: Readonly<Record<string, AttributeValue>>): RequestRecord {
  const text = (name: string): string => item[name]?.S ?? "";
  return {
    tenantId: text("tenant_id"),
    requestId: text("request_id"),
    action: text("action") as RequestRecord["action"],
    digest: text("digest"),
    state: text("tenant_state") as TenantState,
    status: text("request_status") as RequestRecord["status"],
    ...(item["failure"]?.S === undefined ? {} : { failure: item["failure"].S as FailureCode }),
    ...(item["run"]?.S === undefined ? {} : { run: item["run"].S }),
    dispatched: item["dispatched_at"] !== undefined,
    requestedAt: Number(item["requested_at"]?.N),
  };
}

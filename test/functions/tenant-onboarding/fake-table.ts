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

type Item = Record<string, AttributeValue>;

/** What conditions and updates are written with. */
interface Expression {
  readonly Key?: Item | undefined;
  readonly Item?: Item | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}

/**
 * One table of DynamoDB in memory, at the client's boundary: it evaluates the conditions and updates that the function
 * writes (comparisons, existence, AND before OR), all or nothing in a transaction, and throws at any other.
 */
export class FakeTable {
  public readonly items = new Map<string, Item>();
  /** Is called before each command: two invocations can meet there. */
  public before: (command: object) => Promise<void> = () => Promise.resolve();

  public readonly client = {
    send: async (command: object): Promise<unknown> => {
      await this.before(command);
      return this.run(command);
    },
  } as unknown as Pick<DynamoDBClient, "send">;

  private run(command: object): unknown {
    if (command instanceof GetItemCommand) {
      return { Item: this.items.get(keyOf(command.input)) };
    }
    if (command instanceof UpdateItemCommand) {
      this.assert(command.input);
      const key = keyOf(command.input);
      this.items.set(key, { ...command.input.Key, ...this.items.get(key), ...assignments(command.input) });
      return {};
    }
    if (command instanceof DeleteItemCommand) {
      this.assert(command.input);
      this.items.delete(keyOf(command.input));
      return {};
    }
    if (command instanceof TransactWriteItemsCommand) {
      const puts = (command.input.TransactItems ?? []).map(({ Put }): Expression => Put ?? {});
      const held = puts.map((put) => this.holds(put));
      if (held.includes(false)) {
        throw new TransactionCanceledException({
          message: "cancelled",
          $metadata: {},
          CancellationReasons: held.map((one) => ({ Code: one ? "None" : "ConditionalCheckFailed" })),
        });
      }
      for (const put of puts) {
        this.items.set(keyOf(put), put.Item ?? {});
      }
      return {};
    }
    throw new Error(`the table knows no ${command.constructor.name}`);
  }

  private assert(input: Expression): void {
    if (!this.holds(input)) {
      throw new ConditionalCheckFailedException({ message: "the condition does not hold", $metadata: {} });
    }
  }

  private holds(input: Expression): boolean {
    const item = this.items.get(keyOf(input)) ?? {};
    return (input.ConditionExpression ?? "")
      .split(" OR ")
      .some((all) => all.split(" AND ").every((term) => this.term(term, item, input)));
  }

  private term(text: string, item: Item, { ExpressionAttributeValues: values = {} }: Expression): boolean {
    const [, existence, subject = ""] = /^attribute_(not_exists|exists)\((\w+)\)$/.exec(text) ?? [];
    if (existence !== undefined) {
      return (item[subject] !== undefined) === (existence === "exists");
    }
    const [, name = "", operator, value = ""] = /^(\w+) ([=<]) (:\w+)$/.exec(text) ?? [];
    const [left, right] = [item[name], values[value]];
    if (operator === undefined || right === undefined) {
      throw new Error(`the table cannot read ${text}`);
    }
    return operator === "=" ? left?.S === right.S : left?.N !== undefined && Number(left.N) < Number(right.N);
  }
}

function keyOf({ Key, Item }: Expression): string {
  const key = Key ?? Item ?? {};
  return `${key["tenant_id"]?.S}/${key["request_id"]?.S}`;
}

function assignments({ UpdateExpression = "", ExpressionAttributeValues = {} }: Expression): Item {
  return Object.fromEntries(
    UpdateExpression.replace(/^SET /, "")
      .split(", ")
      .map((assignment) => {
        const [name = "", value = ""] = assignment.split(" = ");
        const set = ExpressionAttributeValues[value];
        if (set === undefined) {
          throw new Error(`the table cannot read ${assignment}`);
        }
        return [name, set] as const;
      }),
  );
}

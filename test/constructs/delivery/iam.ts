import { type ResourceJson, resourcesOf, type StackJson } from "../../support/synth";

/** One call, as IAM judges it: an action at one resource. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys that the request carries. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export type Verdict = "allowed" | "denied" | "not allowed";

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export const ACCOUNT_ID = "123456789012";

/** A text with the account's own data in place of Terraform's references to it. */
export function rendered(text: string): string {
  return text
    .replaceAll(/\$\{data\.aws_caller_identity\.[^}]+\}/g, ACCOUNT_ID)
    .replaceAll(/\$\{data\.aws_partition\.[^}]+\}/g, "aws");
}

/** Documents of the customer managed policies whose names begin with a prefix, by name. */
export function policiesOf(json: StackJson, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.values(resourcesOf(json, "aws_iam_policy"))
      .map((policy): [string, string] => [policy["name"] as string, rendered(policy["policy"] as string)])
      .filter(([name]) => name.startsWith(prefix)),
  );
}

/** The role of a name. */
export function roleOf(json: StackJson, name: string): ResourceJson {
  const role = Object.values(resourcesOf(json, "aws_iam_role")).find((candidate) => candidate["name"] === name);
  if (role === undefined) {
    throw new Error(`no role ${name}`);
  }
  return role;
}

/**
 * What IAM decides on a call by identity policies alone (IAM user guide, policy evaluation logic). The region that is asked
 * is the resource's, or else Tokyo; services without regions are asked in Virginia.
 */
export function judge(documents: readonly string[], { action, resource, context }: Call): Verdict {
  const home = /^(budgets|ce|iam|route53|sts):/.test(action) ? "us-east-1" : "ap-northeast-1";
  const region = /^arn:aws:[a-z0-9-]+:([a-z0-9-]+):/.exec(resource)?.[1] ?? home;
  const call = { action, resource, context: { "aws:RequestedRegion": region, ...context } };
  const statements = documents
    .flatMap((document) => (JSON.parse(document) as { Statement: Statement[] }).Statement)
    .filter((statement) => applies(statement, call));
  if (statements.some(({ Effect }) => Effect === "Deny")) {
    return "denied";
  }
  return statements.length > 0 ? "allowed" : "not allowed";
}

/** Whether a statement's conditions hold, as for a trust policy. */
export function conditionsHold(statement: Pick<Statement, "Condition">, context: Call["context"] = {}): boolean {
  return Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, list(wanted), context[key])),
  );
}

function applies(statement: Statement, call: Call): boolean {
  const action = statement.Action
    ? list(statement.Action).some((pattern) => matches(pattern.toLowerCase(), call.action.toLowerCase()))
    : !list(statement.NotAction).some((pattern) => matches(pattern.toLowerCase(), call.action.toLowerCase()));
  const resource = statement.Resource
    ? list(statement.Resource).some((pattern) => matches(pattern, call.resource))
    : !list(statement.NotResource).some((pattern) => matches(pattern, call.resource));
  return action && resource && conditionsHold(statement, call.context);
}

function holds(operator: string, wanted: readonly string[], actual: string | readonly string[] | undefined): boolean {
  const [quantifier, test] = operator.includes(":") ? operator.split(":") : ["", operator];
  const values = actual === undefined ? [] : list(actual);
  const one = (value: string): boolean => {
    switch (test) {
      case "StringEquals":
      case "Bool":
        return wanted.includes(value);
      case "StringLike":
      case "ArnLike":
        return wanted.some((pattern) => matches(pattern, value));
      default:
        throw new Error(`the judge knows no operator ${operator}`);
    }
  };
  if (test === "Null") {
    return wanted.includes(String(actual === undefined));
  }
  if (test === "StringNotEquals") {
    return !values.some((value) => wanted.includes(value));
  }
  return quantifier === "ForAllValues" ? values.every(one) : values.length > 0 && values.every(one);
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(text);
}

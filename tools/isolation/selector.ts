import type { Field, Labels } from "./source";

const OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist"] as const;

interface Requirement {
  readonly key: string;
  readonly operator: (typeof OPERATORS)[number];
  readonly values: readonly string[];
}

/** A LabelSelector of the Kubernetes API; without requirements it selects everything. */
export class Selector {
  /** Equal for selectors that say the same in the same order. */
  public readonly key: string;

  private constructor(private readonly requirements: readonly Requirement[]) {
    this.key = JSON.stringify(requirements);
  }

  public static readonly everything = new Selector([]);

  /** All labels of a map, as the selectors of Services and of Istio's objects have it. */
  public static labels(labels: Labels): Selector {
    return new Selector([...labels].map(([key, value]) => ({ key, operator: "In", values: [value] })));
  }

  /** Reads `matchLabels` and `matchExpressions`; whatever is absent requires nothing. */
  public static read(field: Field): Selector {
    field.object(["matchLabels", "matchExpressions"]);
    const equal = Selector.labels(field.get("matchLabels").labels()).requirements;
    return new Selector([...equal, ...field.get("matchExpressions").items().flatMap(readRequirement)]);
  }

  public get isEmpty(): boolean {
    return this.requirements.length === 0;
  }

  public matches(labels: Labels): boolean {
    return this.requirements.every(({ key, operator, values }) => {
      const value = labels.get(key);
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
      }
    });
  }
}

function readRequirement(field: Field): Requirement[] {
  field.object(["key", "operator", "values"]);
  const key = field.get("key").text();
  const operator = field.get("operator").word(OPERATORS);
  const values = field.get("values").texts();
  if (key === undefined || key === "") {
    field.reject("key is missing");
  }
  if (!field.get("operator").isPresent) {
    field.reject(`operator is missing; allowed: ${OPERATORS.join(", ")}`);
  }
  if (key === undefined || key === "" || operator === undefined) {
    return [];
  }
  const takesValues = operator === "In" || operator === "NotIn";
  if (takesValues !== values.length > 0) {
    field.get("values").reject(takesValues ? `${operator} needs one value at least` : `${operator} takes no values`);
  }
  return [{ key, operator, values }];
}

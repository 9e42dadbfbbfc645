/** A point of a series: seconds since 1970, and the value. */
export type Point = readonly [seconds: number, value: string];

/** One series of an answer. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly points: readonly Point[];
}

interface Body {
  readonly status: "success" | "error";
  readonly error?: string;
  readonly data: unknown;
}

interface Result {
  readonly resultType: "vector" | "matrix" | "scalar";
  readonly result: readonly {
    readonly metric: Series["metric"];
    readonly value?: Point;
    readonly values?: readonly Point[];
  }[];
}

interface RuleGroupState {
  readonly lastEvaluation: string;
  readonly rules: readonly { readonly name: string; readonly health: string; readonly lastError?: string }[];
}

/** Times and step of a range query, in seconds. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Prometheus' HTTP API. */
export class PrometheusClient {
  public constructor(private readonly url: string) {}

  /** The present value of each series. */
  public async query(expr: string): Promise<readonly Series[]> {
    return seriesOf(await this.call("query", { query: expr }));
  }

  /** The present value of the only series; NaN where there is none. */
  public async value(expr: string): Promise<number> {
    const [series] = await this.query(expr);
    return Number(series?.points[0]?.[1] ?? NaN);
  }

  public async queryRange(expr: string, { start, end, step }: Range): Promise<readonly Series[]> {
    const times = { start: String(start), end: String(end), step: String(step) };
    return seriesOf(await this.call("query_range", { query: expr, ...times }));
  }

  /** Names of the metrics that an expression reads. */
  public async metricsOf(expr: string): Promise<readonly string[]> {
    const names = new Set<string>();
    collectSelectors(await this.call("parse_query", { query: expr }), names);
    return [...names].sort();
  }

  /** When the group of rules that has waited longest was last evaluated, in milliseconds since 1970. */
  public async oldestEvaluation(): Promise<number> {
    return Math.min(...(await this.groups()).map(({ lastEvaluation }) => Date.parse(lastEvaluation)));
  }

  /** Rules whose last evaluation failed, with the reason. */
  public async failingRules(): Promise<readonly string[]> {
    const rules = (await this.groups()).flatMap((group) => group.rules);
    return rules
      .filter(({ health }) => health !== "ok")
      .map(({ name, lastError }) => `${name}: ${lastError ?? "not evaluated"}`);
  }

  private async groups(): Promise<readonly RuleGroupState[]> {
    const response = await fetch(`${this.url}/api/v1/rules?exclude_alerts=true`);
    return ((await response.json()) as { readonly data: { readonly groups: readonly RuleGroupState[] } }).data.groups;
  }

  private async call(path: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
    const response = await fetch(`${this.url}/api/v1/${path}`, {
      method: "POST",
      body: new URLSearchParams(parameters),
    });
    const body = (await response.json()) as Body;
    if (body.status !== "success") {
      throw new Error(`${body.error ?? response.statusText}: ${parameters["query"] ?? path}`);
    }
    return body.data;
  }
}

function seriesOf(data: unknown): readonly Series[] {
  const { resultType, result } = data as Result;
  if (resultType === "scalar") {
    return [{ metric: {}, points: [result as unknown as Point] }];
  }
  return result.map(({ metric, value, values }) => ({
    metric,
    points: values ?? (value === undefined ? [] : [value]),
  }));
}

/** The API's syntax tree names what a selector reads, or matches it by `__name__`. */
function collectSelectors(node: unknown, names: Set<string>): void {
  if (typeof node !== "object" || node === null) {
    return;
  }
  const { type, name } = node as { readonly type?: string; readonly name?: string };
  if (type === "vectorSelector" && name !== undefined && name !== "") {
    names.add(name);
  }
  Object.values(node).forEach((value) => {
    collectSelectors(value, names);
  });
}

import { isObject, type JsonObject } from "../../../tools/manifests/json";
import type { PanelQuery } from "./dashboards";
import type { PublishedMetric } from "./rds-metrics";

/** Namespace in CloudWatch of everything that RDS publishes. */
export const RDS_NAMESPACE = "AWS/RDS";

/** Unsigned requests are told apart by region and service alone. */
const AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=test/20260101/ap-northeast-1/monitoring/aws4_request";

const PREFIX = "GraniteServiceVersion20100801";

/** Statistics that a panel may ask for (CloudWatch, "Statistics definitions"). */
const STATISTIC = /^(Average|Minimum|Maximum|Sum|SampleCount|p\d+(\.\d+)?)$/;

const HOUR = 3_600;

/** CloudWatch's API over JSON. */
export class CloudWatchClient {
  public constructor(
    private readonly url: string,
    /** Seconds since 1970. */
    private readonly now: number,
  ) {}

  /** Publishes a value a minute of each metric for the last hour. */
  public async publish(metrics: readonly PublishedMetric[]): Promise<void> {
    const times = Array.from({ length: 60 }, (_, minute) => this.now - minute * 60);
    for (const { name, dimensions } of metrics) {
      const data = times.map((Timestamp) => ({
        MetricName: name,
        Dimensions: dimensionList(dimensions),
        Timestamp,
        Value: 1,
      }));
      await this.call("PutMetricData", { Namespace: RDS_NAMESPACE, MetricData: data });
    }
  }

  /**
   * What is wrong with the queries of a panel; nothing if each returns data. They go together, as Grafana sends them: an
   * expression reads the others by their ids.
   */
  public async problemsOf(queries: readonly PanelQuery[]): Promise<readonly string[]> {
    const problems = await Promise.all(queries.map((query) => this.problemOf(query, queries)));
    return problems.flatMap((problem, index) => {
      const query = queries[index];
      return problem === undefined || query === undefined ? [] : [`${query.dashboard}, "${query.panel}": ${problem}`];
    });
  }

  private async problemOf({ target }: PanelQuery, siblings: readonly PanelQuery[]): Promise<string | undefined> {
    const { expression } = target;
    if (typeof expression === "string") {
      const ids = new Set(siblings.map((sibling) => String(sibling.target["id"])));
      const unknown = (expression.match(/[a-z]\w*/g) ?? []).find((id) => !ids.has(id));
      return unknown === undefined ? undefined : `"${expression}" reads "${unknown}", which is no query of the panel`;
    }
    const field = (name: string): string => String(target[name]);
    const [name, statistic, namespace] = [field("metricName"), field("statistic"), field("namespace")] as const;
    const dimensions = dimensionList(isObject(target["dimensions"]) ? target["dimensions"] : {});
    const shown = `${namespace} ${name} of ${JSON.stringify(target["dimensions"])}`;
    if (!STATISTIC.test(statistic)) {
      return `CloudWatch has no statistic "${statistic}"`;
    }
    // The stand-in's GetMetricData does not look at the namespace; its ListMetrics does.
    const listed = await this.call("ListMetrics", { Namespace: namespace, MetricName: name, Dimensions: dimensions });
    if ((listed["Metrics"] as readonly unknown[]).length === 0) {
      return `nobody publishes ${shown}`;
    }
    const stat = {
      Metric: { Namespace: namespace, MetricName: name, Dimensions: dimensions },
      Period: Number(target["period"]),
      // The stand-in knows no percentiles.
      Stat: statistic.startsWith("p") ? "Average" : statistic,
    };
    const answer = await this.call("GetMetricData", {
      StartTime: this.now - 6 * HOUR,
      EndTime: this.now + 60,
      MetricDataQueries: [{ Id: "q", MetricStat: stat, ReturnData: true }],
    });
    const [result] = answer["MetricDataResults"] as readonly { readonly Values: readonly number[] }[];
    return result === undefined || result.Values.length === 0 ? `no data for ${shown}` : undefined;
  }

  private async call(action: string, parameters: JsonObject): Promise<JsonObject> {
    const response = await fetch(this.url, {
      method: "POST",
      headers: {
        Authorization: AUTHORIZATION,
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": `${PREFIX}.${action}`,
      },
      body: JSON.stringify(parameters),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`CloudWatch, ${action}: ${response.status} ${text}`);
    }
    return JSON.parse(text) as JsonObject;
  }
}

function dimensionList(dimensions: JsonObject) {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value: String(Value) }));
}

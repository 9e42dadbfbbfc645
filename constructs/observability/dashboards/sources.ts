import * as cloudwatch from "@grafana/grafana-foundation-sdk/cloudwatch";
import { type Builder, type Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import { type DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";

/** Where a panel's figures come from. */
export interface Source {
  readonly datasource: DataSourceRef;
  readonly targets: Builder<Dataquery>[];
}

/** Uids of the data sources: the first is kube-prometheus-stack's default, the second is set in `grafana-values.ts`. */
export const DATASOURCES = { prometheus: "prometheus", cloudwatch: "cloudwatch" } as const;

/**
 * Queries by legend; `{{label}}` in a legend is the label's value. PromQL is written in single quotes, which JSON leaves
 * alone: in Terraform's state a double quote takes four characters.
 */
export type Queries = Readonly<Record<string, string>>;

/** Queries over the dashboard's time range. */
export function overTime(queries: Queries): Source {
  return fromPrometheus(queries, () => new prometheus.DataqueryBuilder());
}

/** Queries of the present alone, for what shows one value a series. */
export function now(queries: Queries): Source {
  return fromPrometheus(queries, () => new prometheus.DataqueryBuilder().instant());
}

/** Queries of the present, as rows of a table. */
export function rows(queries: Queries): Source {
  return fromPrometheus(queries, () =>
    new prometheus.DataqueryBuilder().instant().format(prometheus.PromQueryFormat.Table),
  );
}

function fromPrometheus(queries: Queries, query: () => prometheus.DataqueryBuilder): Source {
  return {
    datasource: { uid: DATASOURCES.prometheus },
    targets: Object.entries(queries).map(([legend, expr], index) =>
      query().refId(refId(index)).expr(expr).legendFormat(legend),
    ),
  };
}

/** One metric of CloudWatch. */
export interface CloudWatchMetric {
  readonly legend: string;
  readonly metric: string;
  readonly statistic: "Average" | "Maximum" | "Sum" | "p95";
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A share of two metrics of CloudWatch, 0 to 1. */
export interface CloudWatchRatio {
  readonly legend: string;
  readonly part: CloudWatchMetric;
  readonly whole: CloudWatchMetric;
}

/** Metrics of RDS over the dashboard's time range, a point a minute, as RDS publishes them. */
export function fromRds(...metrics: readonly (CloudWatchMetric | CloudWatchRatio)[]): Source {
  return {
    datasource: { uid: DATASOURCES.cloudwatch },
    targets: metrics.flatMap((metric, index) => ("metric" in metric ? [query(metric, index)] : ratio(metric, index))),
  };
}

function query(metric: CloudWatchMetric, index: number): cloudwatch.MetricsQueryBuilder {
  return rdsQuery(refId(index))
    .metricName(metric.metric)
    .statistic(metric.statistic)
    .dimensions(metric.dimensions)
    .matchExact(true)
    .label(metric.legend);
}

function ratio({ legend, part, whole }: CloudWatchRatio, index: number): cloudwatch.MetricsQueryBuilder[] {
  const [partId, wholeId] = [`part${index}`, `whole${index}`];
  return [
    query(part, index)
      .refId(`${refId(index)}1`)
      .id(partId)
      .hide(true),
    query(whole, index)
      .refId(`${refId(index)}2`)
      .id(wholeId)
      .hide(true),
    rdsQuery(refId(index))
      .metricEditorMode(cloudwatch.MetricEditorMode.Code)
      .expression(`${partId} / ${wholeId}`)
      .label(legend),
  ];
}

function rdsQuery(ref: string): cloudwatch.MetricsQueryBuilder {
  return new cloudwatch.MetricsQueryBuilder()
    .refId(ref)
    .id(ref.toLowerCase())
    .region("default")
    .namespace("AWS/RDS")
    .period("60")
    .metricQueryType(cloudwatch.MetricQueryType.Search)
    .metricEditorMode(cloudwatch.MetricEditorMode.Builder);
}

/** What Grafana calls a panel's query, by its place: A, B, C, … */
export const refId = (index: number): string => String.fromCharCode("A".charCodeAt(0) + index);

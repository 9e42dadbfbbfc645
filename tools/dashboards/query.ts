import { type MetricsQuery } from "@grafana/grafana-foundation-sdk/cloudwatch";
import { type Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { type Dataquery } from "@grafana/grafana-foundation-sdk/prometheus";

/** One of a panel's queries, as a person reads it. */
export interface Query {
  readonly legend: string;
  readonly text: string;
}

/** The queries of a panel. CloudWatch's hidden operands stand in the expression that reads them. */
export function queriesOf(panel: Panel): readonly Query[] {
  const targets = (panel.targets ?? []) as unknown as readonly (Dataquery | MetricsQuery)[];
  const metrics = targets.filter(isMetric);
  return targets
    .filter((target) => target.hide !== true)
    .map((target) =>
      isMetric(target)
        ? { legend: target.label ?? "", text: metricText(target, metrics) }
        : { legend: target.legendFormat ?? "", text: target.expr },
    );
}

const isMetric = (target: Dataquery | MetricsQuery): target is MetricsQuery => "namespace" in target;

function metricText(query: MetricsQuery, operands: readonly MetricsQuery[]): string {
  if (query.expression === undefined) {
    return `${query.namespace} ${query.metricName ?? ""} (${query.statistic ?? ""})`;
  }
  return operands
    .filter(({ hide }) => hide)
    .reduce((text, operand) => text.replaceAll(operand.id, metricText(operand, [])), query.expression);
}

import * as bargauge from "@grafana/grafana-foundation-sdk/bargauge";
import { type Builder, type Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";

import { tenantLink } from "./links";
import { type Source } from "./sources";

/** Grafana's names of the units that the dashboards use. */
export type Unit =
  "bytes" | "currencyUSD" | "d" | "ms" | "percent" | "percentunit" | "reqpm" | "reqps" | "short" | "µs";

/** Where a value turns orange and red. With the warning above the critical value, it is small values that are bad. */
export interface Bounds {
  /** @default - green up to `critical` */
  readonly warning?: number;
  readonly critical: number;
}

export interface PanelProps {
  /** Never changes once given: links and alerts name panels by it. */
  readonly id: number;
  readonly title: string;
  /** What the panel answers, as the person who looks at it would ask. */
  readonly question: string;
  readonly unit: Unit;
  readonly source: Source;
  /** @default - no value is bad */
  readonly bounds?: Bounds;
}

export interface GraphProps extends PanelProps {
  /** Whether the series add up to something. @default false */
  readonly stacked?: boolean;
  /** Legend of the series that is a limit: a dashed line, never stacked. @default - no series is one */
  readonly limit?: string;
  /** Whether values below zero have a meaning. @default false */
  readonly signed?: boolean;
}

/** A panel that has no place yet. */
export interface PanelDraft extends Builder<dashboard.Panel> {
  gridPos(position: dashboard.GridPos): this;
}

/** What the builders of all kinds of panels have in common; the SDK has no type for it. */
interface PanelBuilder extends PanelDraft {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  unit(unit: string): this;
  datasource(datasource: common.DataSourceRef): this;
  targets(targets: Builder<Dataquery>[]): this;
  thresholds(thresholds: Builder<dashboard.ThresholdsConfig>): this;
  colorScheme(color: Builder<dashboard.FieldColor>): this;
}

/** Gives a panel what every kind has. */
export function described<Panel extends PanelBuilder>(panel: Panel, props: PanelProps): Panel {
  const { id, title, question, unit, source, bounds } = props;
  panel.id(id).title(title).description(question).unit(unit).datasource(source.datasource).targets(source.targets);
  return bounds ? panel.thresholds(thresholds(bounds)) : panel;
}

function thresholds({ warning, critical }: Bounds): dashboard.ThresholdsConfigBuilder {
  const smallIsBad = warning !== undefined && warning > critical;
  const [lowest, beyondWarning, beyondCritical] = smallIsBad ? ["red", "green", "orange"] : ["green", "orange", "red"];
  const steps = [
    { value: critical, color: beyondCritical },
    ...(warning === undefined ? [] : [{ value: warning, color: beyondWarning }]),
  ].sort((a, b) => a.value - b.value);
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps([{ value: null, color: lowest }, ...steps]);
}

/** A graph over time; bounds are dashed lines. */
export function graph(props: GraphProps): timeseries.PanelBuilder {
  const { bounds, limit, signed = false, stacked = false } = props;
  const panel = described(new timeseries.PanelBuilder(), props);
  if (!signed) {
    panel.min(0);
  }
  if (bounds) {
    panel.thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  }
  if (stacked) {
    panel.fillOpacity(20).stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
  }
  return limit === undefined ? panel : panel.overrideByName(limit, limitStyle(stacked));
}

function limitStyle(amongStacked: boolean): dashboard.DynamicConfigValue[] {
  const dashed = { id: "custom.lineStyle", value: { fill: "dash" } satisfies common.LineStyle };
  const apart = [
    { id: "custom.stacking", value: { mode: common.StackingMode.None } satisfies common.StackingConfig },
    { id: "custom.fillOpacity", value: 0 },
  ];
  return [dashed, ...(amongStacked ? apart : [])];
}

/** A bar a series of a tenant, in the query's order, each a link to the tenant's dashboard. */
export function ranking(props: PanelProps): bargauge.PanelBuilder {
  return coloured(new bargauge.PanelBuilder(), props)
    .min(0)
    .dataLinks([tenantLink("__field.labels.tenant")])
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .valueMode(common.BarGaugeValueMode.Color)
    .orientation(common.VizOrientation.Horizontal)
    .reduceOptions(lastValue());
}

/** One figure a series, large. */
export function figure(props: PanelProps): stat.PanelBuilder {
  return coloured(new stat.PanelBuilder(), props).graphMode(common.BigValueGraphMode.None).reduceOptions(lastValue());
}

/** Where no value is bad, a colour that says nothing: by its own bounds Grafana would have 80 red. */
function coloured<Panel extends PanelBuilder>(panel: Panel, props: PanelProps): Panel {
  const built = described(panel, props);
  const plain = new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Fixed).fixedColor("blue");
  return props.bounds ? built : built.colorScheme(plain);
}

const lastValue = (): common.ReduceDataOptionsBuilder =>
  new common.ReduceDataOptionsBuilder().values(false).calcs(["lastNotNull"]);

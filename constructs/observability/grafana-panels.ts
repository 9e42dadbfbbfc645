/** Grafana's dashboard model, as far as this platform writes it (schema 41, Grafana 12 and newer). */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
}

export interface Panel {
  readonly id: number;
  readonly type: "timeseries";
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly datasource: { readonly uid: string };
  readonly fieldConfig: object;
  readonly targets: readonly Target[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly schemaVersion: number;
  readonly editable: false;
  readonly refresh: string;
  readonly templating: { readonly list: readonly object[] };
  readonly panels: readonly Panel[];
}

export interface TimeSeriesProps {
  /** Never changes once given: links and alerts name panels by it. It also says where the panel stands, two a row. */
  readonly id: number;
  readonly title: string;
  /** @default - none */
  readonly description?: string;
  /** Grafana's name of the unit. */
  readonly unit: "ms" | "percentunit" | "short" | "bytes";
  /** Query by legend; `{{label}}` in a legend is the label's value. */
  readonly queries: Readonly<Record<string, string>>;
  /** Value that a line is drawn at, above which is too much. @default - no line */
  readonly limit?: number;
  /** Whether the series add up to something. @default false */
  readonly stacked?: boolean;
}

export const SCHEMA_VERSION = 41;

/**
 * The dashboard's one variable. Not in braces, anywhere: Terraform takes a dollar sign before a brace for an expression of
 * its own.
 */
export const DATASOURCE_VARIABLE = { name: "ds", type: "datasource", query: "prometheus", hide: 2 } as const;

const WIDTH = 12;
const HEIGHT = 8;

/** A graph over time. Nothing that is Grafana's default is written: each dashboard is kept in Terraform's state. */
export function timeSeries(props: TimeSeriesProps): Panel {
  const { id, title, description, unit, queries, limit, stacked } = props;
  return {
    id,
    type: "timeseries",
    title,
    ...(description === undefined ? {} : { description }),
    gridPos: { h: HEIGHT, w: WIDTH, x: ((id - 1) % 2) * WIDTH, y: Math.floor((id - 1) / 2) * HEIGHT },
    datasource: { uid: `$${DATASOURCE_VARIABLE.name}` },
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        ...(limit === undefined ? {} : { thresholds: threshold(limit) }),
        ...(limit === undefined && stacked !== true ? {} : { custom: style(limit !== undefined, stacked === true) }),
      },
      overrides: [],
    },
    targets: Object.entries(queries).map(([legendFormat, expr], index) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + index),
      expr,
      legendFormat,
    })),
  };
}

function threshold(limit: number) {
  return {
    mode: "absolute",
    steps: [
      { color: "green", value: null },
      { color: "red", value: limit },
    ],
  };
}

function style(limited: boolean, stacked: boolean) {
  return {
    ...(limited ? { thresholdsStyle: { mode: "dashed" } } : {}),
    ...(stacked ? { fillOpacity: 20, stacking: { mode: "normal" } } : {}),
  };
}

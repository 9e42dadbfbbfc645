import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { defaultOptions as graphOptions } from "@grafana/grafana-foundation-sdk/timeseries";

import { platformLinks } from "./links";
import { type PanelDraft } from "./panels";

/** Panels that share the dashboard's width equally. */
export interface Line {
  /** Height in Grafana's grid, 30 pixels each. @default 8 */
  readonly height?: number;
  readonly panels: readonly PanelDraft[];
}

/** Lines of panels under a heading. */
export interface Section {
  /** As a panel's: never changes once given. */
  readonly id: number;
  readonly title: string;
  readonly lines: readonly Line[];
}

export interface DashboardProps {
  /** The dashboard's address in Grafana, `/d/<uid>`. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Links beside those to the platform's dashboards. @default - none */
  readonly links?: readonly dashboard.DashboardLinkBuilder[];
  readonly sections: readonly Section[];
}

/** Columns of Grafana's grid. */
const COLUMNS = 24;

const HEIGHT = 8;
const HEADING_HEIGHT = 1;

/** A dashboard in the JSON that Grafana reads. Nobody edits it there: the next synth would undo it. */
export function dashboardJson(props: DashboardProps): string {
  const builder = new dashboard.DashboardBuilder(props.title)
    .uid(props.uid)
    .description(props.description)
    .tags([...props.tags])
    .readonly()
    .refresh("1m")
    .time({ from: "now-6h", to: "now" })
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .links([platformLinks(), ...(props.links ?? [])]);
  let y = 0;
  for (const { id, title, lines } of props.sections) {
    builder.withRow(new dashboard.RowBuilder(title).id(id).gridPos({ x: 0, y, w: COLUMNS, h: HEADING_HEIGHT }));
    y += HEADING_HEIGHT;
    for (const line of lines) {
      const h = line.height ?? HEIGHT;
      const w = COLUMNS / line.panels.length;
      line.panels.forEach((panel, index) => builder.withPanel(panel.gridPos({ x: index * w, y, w, h })));
      y += h;
    }
  }
  return JSON.stringify(builder.build(), withoutDefaults);
}

/**
 * Leaves out what Grafana takes to be so anyway: each dashboard is kept in Terraform's state. Two of the SDK's defaults are
 * not Grafana's and unwelcome: one hides the legend of a graph, the other moves a dashboard's links into a menu.
 */
function withoutDefaults(key: string, value: unknown): unknown {
  return Object.hasOwn(DEFAULTS, key) && JSON.stringify(value) === DEFAULTS[key] ? undefined : value;
}

const DEFAULTS: Readonly<Record<string, string>> = {
  custom: "{}",
  fiscalYearStartMonth: "0",
  options: JSON.stringify(graphOptions()),
  placement: '"inControlsMenu"',
  repeatDirection: '"h"',
  timezone: '"browser"',
  transparent: "false",
};

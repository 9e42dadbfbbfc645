import { type Dashboard, type Panel, type RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";

import { queriesOf } from "./query";
import { type SynthesizedDashboard } from "./read";

const HEAD = `# Dashboards

Every panel of every dashboard: what it answers, in which unit, by which query. A tenant's dashboard stands here once; all
tenants have the same, with their own id, tier and rate limit in its queries. Written by \`npx taskflow dashboards\` from the
synthesized ConfigMaps; CI checks that it is up to date.

<!-- prettier-ignore-start -->
`;

const FOOT = "<!-- prettier-ignore-end -->\n";

/** Markdown with a table of panels for each dashboard; a tenant's stands for all. */
export function dashboardsPage(dashboards: readonly SynthesizedDashboard[]): string {
  const open = dashboards.map((one) => (one.tenant === undefined ? one : anyTenant(one)));
  return `${HEAD}${open.map(section).join("")}${FOOT}`;
}

function section({ folder, dashboard }: SynthesizedDashboard): string {
  const { title = "", uid = "", description = "", panels = [] } = dashboard;
  return [
    "",
    `## ${title}`,
    "",
    `Folder ${folder}, \`/d/${uid}\`. ${description}`,
    "",
    "| panel | question | unit | query |",
    "|---|---|---|---|",
    ...panels.map((panel) => (isRow(panel) ? heading(panel) : line(panel))),
    "",
    "",
  ].join("\n");
}

/** The SDK's type of a row's `type` is its one value; the panel's is any text. */
const isRow = (panel: Panel | RowPanel): panel is RowPanel => panel.type === "row";

const heading = ({ title = "" }: RowPanel): string => `| **${title}** | | | |`;

function line(panel: Panel): string {
  const queries = queriesOf(panel).map(({ legend, text }) => `${cell(legend)}: \`${cell(text)}\``);
  const { title = "", description = "" } = panel;
  return `| ${cell(title)} | ${cell(description)} | ${unitOf(panel)} | ${queries.join("<br>")} |`;
}

/** A table's columns have units of their own. */
function unitOf({ fieldConfig, type }: Panel): string {
  return type === "table" ? "by column" : (fieldConfig?.defaults.unit ?? "");
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** A tenant's dashboard with what is the tenant's own left open, so that the page is the same whoever comes first. */
function anyTenant({ folder, tenant = "", tier = "", dashboard }: SynthesizedDashboard): SynthesizedDashboard {
  const open = (text: string): string =>
    text
      .replaceAll(`'tenant-${tenant}'`, "'tenant-<id>'")
      .replaceAll(`'${tenant}'`, "'<id>'")
      .replaceAll(`'${tier}'`, "'<tier>'")
      .replaceAll(/\bvector\(\d+\)/g, "vector(<rate limit>)");
  const blank: Dashboard = JSON.parse(JSON.stringify(dashboard), (key, value: unknown) =>
    key === "expr" && typeof value === "string" ? open(value) : value,
  ) as Dashboard;
  return {
    folder: folder.replace(tier, "<tier>"),
    dashboard: {
      ...blank,
      title: "Tenant",
      uid: "tenant-<id>",
      description: "What the tenant's clients see, and what its namespace and its database role use of what they may.",
    },
  };
}

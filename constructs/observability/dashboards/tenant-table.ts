import * as common from "@grafana/grafana-foundation-sdk/common";
import * as table from "@grafana/grafana-foundation-sdk/table";

import { tenantLink } from "./links";
import { described, type PanelProps, type Unit } from "./panels";
import { refId, rows } from "./sources";

/** A column of figures: one series a tenant. */
export interface Column {
  readonly title: string;
  readonly unit: Unit;
  readonly query: string;
}

export interface TenantTableProps extends Omit<PanelProps, "unit" | "source"> {
  readonly columns: readonly [Column, ...Column[]];
}

/** A row a tenant, one column a query, largest of the first column on top. The tenant's name is a link to its dashboard. */
export function tenantTable(props: TenantTableProps): table.PanelBuilder {
  const { columns } = props;
  const source = rows(Object.fromEntries(columns.map(({ title, query }) => [title, query])));
  const [first] = columns;
  const panel = described(new table.PanelBuilder(), { ...props, unit: first.unit, source })
    // Joins the queries' rows by the labels that they share.
    .withTransformation({ id: "merge", options: {} })
    .withTransformation({ id: "organize", options: { excludeByName: { Time: true }, renameByName: names(columns) } })
    .sortBy([new common.TableSortByFieldStateBuilder().displayName(first.title).desc(true)])
    .filterable(true)
    .overrideByName("tenant", [{ id: "links", value: [tenantLink("__value.raw").build()] }]);
  return columns.reduce((built, { title, unit }) => built.overrideByName(title, [{ id: "unit", value: unit }]), panel);
}

/** Prometheus names the value of query A `Value #A`. */
function names(columns: readonly Column[]): Readonly<Record<string, string>> {
  return Object.fromEntries(columns.map(({ title }, index) => [`Value #${refId(index)}`, title]));
}

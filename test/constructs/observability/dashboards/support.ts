import { type Dashboard, type Panel } from "@grafana/grafana-foundation-sdk/dashboard";

import { ENVIRONMENTS, TIERS } from "../../../../config";
import { type DashboardTenant, tenantDashboard } from "../../../../constructs/observability";
import { costDashboard } from "../../../../constructs/observability/dashboards/cost";
import { databaseDashboard } from "../../../../constructs/observability/dashboards/database";
import { fleetDashboard } from "../../../../constructs/observability/dashboards/fleet";
import { gatewayDashboard } from "../../../../constructs/observability/dashboards/gateway";

export const ACME: DashboardTenant = {
  id: "acme-corp",
  name: "Acme Corporation",
  namespace: "tenant-acme-corp",
  tierName: "enterprise",
  rateClass: "enterprise",
  requestsPerMinute: 6_000,
  quota: TIERS.enterprise.quota,
};

/** Every dashboard's JSON by uid, with one tenant's. */
export const JSON_BY_UID: Readonly<Record<string, string>> = {
  fleet: fleetDashboard(ENVIRONMENTS.production),
  gateway: gatewayDashboard(),
  database: databaseDashboard("taskflow"),
  cost: costDashboard(),
  "tenant-acme-corp": tenantDashboard(ACME),
};

export const parse = (json: string): Dashboard => JSON.parse(json) as Dashboard;

/** Panels without the headings between them. */
export function panelsOf(dashboard: Dashboard): readonly Panel[] {
  return (dashboard.panels ?? []).filter((panel): panel is Panel => panel.type !== "row");
}

/** Queries of Prometheus, in order. */
export function expressionsOf(panel: Panel): readonly string[] {
  const targets = (panel.targets ?? []) as unknown as readonly { readonly expr?: string }[];
  return targets.flatMap(({ expr }) => (expr === undefined ? [] : [expr]));
}

/**
 * The panel of a title.
 *
 * @throws Error if there is none
 */
export function panelOf(dashboard: Dashboard, title: string): Panel {
  const found = panelsOf(dashboard).find((panel) => panel.title === title);
  if (found === undefined) {
    throw new Error(`no panel ${title}`);
  }
  return found;
}

/** Values and colours of a panel's bounds, lowest first. */
export function boundsOf(panel: Panel): readonly (readonly [number | null, string])[] {
  return (panel.fieldConfig?.defaults.thresholds?.steps ?? []).map(({ value, color }) => [value, color]);
}

import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";

import { TENANT_SERVICES } from "../../../config";
import { dashboardName } from "../../../tenancy";
import { OBSERVABILITY_PORTS } from "../services";

/** Tag of the dashboards that are about the platform as a whole. */
export const PLATFORM_TAG = "platform";

/** Tag of the dashboards that are about one tenant. */
export const TENANT_TAG = "tenant";

/** Kiali's port on an operator's machine, where `kubectl port-forward` puts it. */
const KIALI_PORT = 20_001;

/** Leads from every dashboard to those of the platform. */
export function platformLinks(): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder("Platform")
    .type(dashboard.DashboardLinkType.Dashboards)
    .tags([PLATFORM_TAG])
    .asDropdown(true)
    .keepTime(true);
}

/** The namespace's graph in Kiali, or the whole mesh's. */
export function kialiLink(namespace?: string): dashboard.DashboardLinkBuilder {
  const query = namespace === undefined ? "" : `?namespaces=${namespace}`;
  return external("Kiali", `http://localhost:${KIALI_PORT}/kiali/console/graph/namespaces${query}`);
}

/** The tenant's traces in Jaeger. Its search wants a service; the tag stays when the reader picks another one. */
export function jaegerLink(namespace: string): dashboard.DashboardLinkBuilder {
  const [service] = TENANT_SERVICES.map(({ name }) => `${name}.${namespace}`);
  const tags = `%7B%22tenant%22%3A%22${namespace}%22%7D`;
  return external(
    "Jaeger",
    `http://localhost:${OBSERVABILITY_PORTS.jaegerQuery}/search?service=${service}&tags=${tags}`,
  );
}

function external(title: string, url: string): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder(title).type(dashboard.DashboardLinkType.Link).url(url).targetBlank(true);
}

/**
 * Link of a value to its tenant's dashboard.
 *
 * @param variable - Grafana's variable that holds the tenant's id
 */
export function tenantLink(variable: "__field.labels.tenant" | "__value.raw"): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder("The tenant's dashboard").url(`/d/${dashboardName(`\${${variable}}`)}`);
}

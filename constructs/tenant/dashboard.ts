import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { Construct } from "constructs";

import { LABELS, NAMESPACES, RATE_CLASSES } from "../../config";
import { dashboardName, namespaceName, type Tenant } from "../../tenancy";
import { DASHBOARD_FOLDER_ANNOTATION, DASHBOARD_LABEL, tenantDashboard } from "../observability";

export interface TenantDashboardProps {
  readonly tenant: Tenant;
}

/**
 * The tenant's dashboard, in a folder per tier. It stands in the platform's namespace, the only one that Grafana's sidecar
 * may read ConfigMaps of.
 */
export class TenantDashboard extends Construct {
  constructor(scope: Construct, id: string, props: TenantDashboardProps) {
    super(scope, id);
    const { tenant } = props;
    const name = dashboardName(tenant.id);
    new ConfigMapV1(this, "Resource", {
      metadata: {
        name,
        namespace: NAMESPACES.observability,
        labels: { ...DASHBOARD_LABEL, [LABELS.tenant]: tenant.id, [LABELS.tier]: tenant.tier.name },
        annotations: { [DASHBOARD_FOLDER_ANNOTATION]: `Tenants ${tenant.tier.name}` },
      },
      data: {
        [`${name}.json`]: JSON.stringify(
          tenantDashboard({
            id: tenant.id,
            name: tenant.name,
            namespace: namespaceName(tenant.id),
            tierName: tenant.tier.name,
            rateClass: tenant.rateClass,
            requestsPerMinute: RATE_CLASSES[tenant.rateClass].requestsPerMinute,
            quota: tenant.quota,
          }),
        ),
      },
    });
  }
}

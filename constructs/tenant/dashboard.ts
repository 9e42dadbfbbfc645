import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { Construct } from "constructs";

import { LABELS, RATE_CLASSES } from "../../config";
import { dashboardName, namespaceName, type Tenant } from "../../tenancy";
import { dashboardConfigMap, tenantDashboard } from "../observability";

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
    new ConfigMapV1(
      this,
      "Resource",
      dashboardConfigMap({
        name: dashboardName(tenant.id),
        folder: `Tenants ${tenant.tier.name}`,
        labels: { [LABELS.tenant]: tenant.id, [LABELS.tier]: tenant.tier.name },
        json: tenantDashboard({
          id: tenant.id,
          name: tenant.name,
          namespace: namespaceName(tenant.id),
          tierName: tenant.tier.name,
          rateClass: tenant.rateClass,
          requestsPerMinute: RATE_CLASSES[tenant.rateClass].requestsPerMinute,
          quota: tenant.quota,
        }),
      }),
    );
  }
}

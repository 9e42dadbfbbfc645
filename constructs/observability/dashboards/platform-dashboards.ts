import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { type Environment } from "../../../config";
import { dashboardConfigMap } from "./config-map";
import { costDashboard } from "./cost";
import { databaseDashboard } from "./database";
import { fleetDashboard } from "./fleet";
import { gatewayDashboard } from "./gateway";

export interface PlatformDashboardsProps {
  readonly environment: Environment;
  /** Identifier of the database's instance. */
  readonly databaseName: string;
  /** The namespace. */
  readonly dependsOn: ITerraformDependable[];
}

/** Folder in Grafana. */
const FOLDER = "Platform";

/** The dashboards of all tenants together. None of them names a tenant: a new one is there with its first sample. */
export class PlatformDashboards extends Construct {
  constructor(scope: Construct, id: string, props: PlatformDashboardsProps) {
    super(scope, id);
    const dashboards = {
      fleet: fleetDashboard(props.environment),
      gateway: gatewayDashboard(),
      database: databaseDashboard(props.databaseName),
      cost: costDashboard(),
    };
    for (const [name, json] of Object.entries(dashboards)) {
      new ConfigMapV1(this, name, {
        ...dashboardConfigMap({ name: `dashboard-${name}`, folder: FOLDER, json }),
        dependsOn: props.dependsOn,
      });
    }
  }
}

import type { App } from "cdktf";

import type { Environment } from "../config";
import { type Tenant, tenantsIn } from "../tenancy";
import { AccountStack } from "./account-stack";
import { BackupStack } from "./backup-stack";
import { BootstrapStack } from "./bootstrap-stack";
import { EdgeStack } from "./edge-stack";
import { EksStack } from "./eks-stack";
import { MeshStack } from "./mesh-stack";
import { ObservabilityStack } from "./observability-stack";
import { OnboardingStack } from "./onboarding-stack";
import { RdsStack } from "./rds-stack";
import { RegistryStack } from "./registry-stack";
import { addSecondary } from "./secondary";
import { addShards } from "./shards";
import { VpcStack } from "./vpc-stack";

/** Adds every stack of one environment to the app, its second region's among them. */
export function addPlatform(app: App, environment: Environment, tenants: readonly Tenant[]): void {
  new BootstrapStack(app, "bootstrap", { environment });
  const { alertTopics } = new AccountStack(app, "account", { environment });
  new OnboardingStack(app, "onboarding", { environment, alertTopics });
  const registry = new RegistryStack(app, "registry", { environment });
  const vpc = new VpcStack(app, "vpc", { environment });
  const { network } = vpc;
  const { cluster } = new EksStack(app, "eks", { environment, network, alertTopics });
  const rds = new RdsStack(app, "rds", { environment, network });
  const { database } = rds;
  const backup = new BackupStack(app, "backup", { environment, network, database, alertTopics });
  const edge = new EdgeStack(app, "edge", { environment, network, alertTopics });
  const inCluster = { environment, cluster, registry: registry.registry };
  const mesh = new MeshStack(app, "mesh", { ...inCluster, network, edge: edge.edge });
  const observability = new ObservabilityStack(app, "observability", { environment, cluster, database, alertTopics });
  observability.addDependency(mesh);
  addShards(app, {
    ...inCluster,
    database,
    tenants: tenantsIn(environment, tenants),
    after: [mesh, observability, rds],
  });
  addSecondary(app, environment, tenants, { registry, vpc, rds, backup, edge });
}

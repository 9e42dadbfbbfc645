import type { App } from "cdktf";

import type { Environment } from "../config";
import { shardStackName, type Tenant, tenantsIn } from "../tenancy";
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
import { TenantsStack } from "./tenants-stack";
import { VpcStack } from "./vpc-stack";

/** Adds every stack of one environment to the app. A shard has its stack whether or not a tenant is placed in it. */
export function addPlatform(app: App, environment: Environment, tenants: readonly Tenant[]): void {
  new BootstrapStack(app, "bootstrap", { environment });
  const { alertTopics } = new AccountStack(app, "account", { environment });
  new OnboardingStack(app, "onboarding", { environment, alertTopics });
  const { registry } = new RegistryStack(app, "registry", { environment });
  const { network } = new VpcStack(app, "vpc", { environment });
  const { cluster } = new EksStack(app, "eks", { environment, network, alertTopics });
  const rds = new RdsStack(app, "rds", { environment, network });
  new BackupStack(app, "backup", { environment, network, database: rds.database, alertTopics });
  const { edge } = new EdgeStack(app, "edge", { environment, network, alertTopics });
  const mesh = new MeshStack(app, "mesh", { environment, network, cluster, edge, registry });
  const observability = new ObservabilityStack(app, "observability", {
    environment,
    cluster,
    database: rds.database,
    alertTopics,
  });
  observability.addDependency(mesh);

  const regional = tenantsIn(environment, tenants);
  for (let shard = 0; shard < environment.tenantShards; shard++) {
    const stack = new TenantsStack(app, shardStackName(shard), {
      environment,
      tenants: regional.filter(({ tenant }) => tenant.shard === shard),
      cluster,
      database: rds.database,
      registry,
    });
    for (const needed of [mesh, observability, rds]) {
      stack.addDependency(needed);
    }
  }
}

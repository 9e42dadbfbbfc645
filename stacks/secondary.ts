import type { App, TerraformStack } from "cdktf";

import { type Environment, secondaryEnvironment } from "../config";
import { SECONDARY_STACK_PREFIX, type Tenant, tenantsIn } from "../tenancy";
import { AlertTopicsStack } from "./alert-topics-stack";
import { BackupCopiesStack } from "./backup-copies-stack";
import { EdgeStack } from "./edge-stack";
import { EksStack } from "./eks-stack";
import { FailoverStack } from "./failover-stack";
import { MeshStack } from "./mesh-stack";
import { ObservabilityStack } from "./observability-stack";
import { RdsStack } from "./rds-stack";
import { RegionLinkStack } from "./region-link-stack";
import { ReplicaRegistryStack } from "./replica-registry-stack";
import { ReplicaStack } from "./replica-stack";
import { SecondaryBootstrapStack } from "./secondary-bootstrap-stack";
import { addShards } from "./shards";
import { VpcStack } from "./vpc-stack";

/** Stacks of the primary region that some of the second wait for, or that wait for some of those. */
export interface PrimaryStacks {
  readonly registry: TerraformStack;
  readonly vpc: TerraformStack;
  readonly rds: TerraformStack;
  readonly backup: TerraformStack;
  readonly edge: TerraformStack;
}

/**
 * Adds the stacks of an environment's second region, if it has one. None refers to a stack of the primary, nor the other way:
 * they are ordered, and each region can be planned and applied without the other's states.
 */
export function addSecondary(
  app: App,
  primary: Environment,
  tenants: readonly Tenant[],
  { registry, vpc, rds, backup, edge }: PrimaryStacks,
): void {
  const environment = secondaryEnvironment(primary);
  if (environment === undefined) {
    return;
  }
  const id = (name: string): string => `${SECONDARY_STACK_PREFIX}${name}`;
  new SecondaryBootstrapStack(app, id("bootstrap"), { environment });
  const { alertTopics } = new AlertTopicsStack(app, id("account"), { environment });
  const images = new ReplicaRegistryStack(app, id("registry"), { environment });
  const { network } = new VpcStack(app, id("vpc"), { environment });
  const link = new RegionLinkStack(app, id("link"), { environment, network });
  const { cluster } = new EksStack(app, id("eks"), { environment, network, alertTopics });
  const replica = new ReplicaStack(app, id("rds"), { environment, network });
  const { database } = replica;
  const { ownDatabase } = environment.secondary;
  const own =
    ownDatabase &&
    new RdsStack(app, id("rds-own"), { environment: { ...environment, database: ownDatabase }, network });
  const copies = new BackupCopiesStack(app, id("backup"), { environment });
  const entrance = new EdgeStack(app, id("edge"), { environment, network, alertTopics });
  const dns = new FailoverStack(app, id("dns"), { environment, alertTopics });
  const inCluster = { environment, cluster, registry: images.registry };
  const mesh = new MeshStack(app, id("mesh"), { ...inCluster, network, edge: entrance.edge });
  const observability = new ObservabilityStack(app, id("observability"), {
    environment,
    cluster,
    database,
    alertTopics,
  });
  observability.addDependency(mesh);
  addShards(app, {
    ...inCluster,
    database,
    ...(own ? { homeDatabase: own.database } : {}),
    tenants: tenantsIn(environment, tenants),
    prefix: SECONDARY_STACK_PREFIX,
    after: [mesh, observability, replica, ...(own ? [own] : [])],
  });

  link.addDependency(vpc);
  replica.addDependency(rds);
  // Images and backups are copied to where something stands to take them, and hosts led to a name that there is.
  registry.addDependency(images);
  backup.addDependency(copies);
  dns.addDependency(link);
  dns.addDependency(entrance);
  // Nobody is led to a database that is not promoted yet.
  dns.addDependency(replica);
  edge.addDependency(dns);
}
